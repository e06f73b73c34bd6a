"""What is said of a file that the reader process could not finish."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from anqing_subsidy.finding import InputError, Text
from anqing_subsidy.intake.kinds import refusal

if TYPE_CHECKING:
    from anqing_subsidy.intake.worker import Request

_SMALLER: Final = Text(
    "请用 Excel 或 WPS 打开，把有数据的行列复制到新工作簿，另存为 .xlsx 后再试",
    "open it in Excel or WPS, copy the rows with data into a new workbook, save it as .xlsx and try again",
)


def too_long(request: Request) -> InputError:
    """It took too long."""
    seconds = round(request.seconds)
    why = Text(f"读取 {seconds} 秒仍未完成，已停止", f"reading it was stopped after {seconds} seconds")
    return refusal(request.file, why, _SMALLER)


def too_much(file: str) -> InputError:
    """It took too much memory."""
    return refusal(file, Text("读取所需的内存超过上限", "reading it takes more memory than is allowed"), _SMALLER)


def died(file: str, status: int | None) -> InputError:
    """It brought the reader down."""
    code = "" if status is None else f" {status}"
    why = Text(
        f"读取程序在读此文件时异常终止（状态{code}），文件可能已损坏",
        f"the reader died of this file (status{code}); it may be damaged",
    )
    return refusal(file, why, _SMALLER)
