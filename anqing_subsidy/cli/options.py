"""Options that several commands take: written once, with their help in the language spoken."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anqing_subsidy.cli.language import say

STDIN_FORMATS = ("csv", "jsonl")

Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT...",
        help=say(
            "申报表：.xlsx .xls .et .ods .csv .parquet 或文件夹；- 为标准输入。",
            "Spreadsheets: .xlsx .xls .et .ods .csv .parquet, or folders; - is stdin.",
        ),
    ),
]
PolicyFile = Annotated[
    Path | None,
    typer.Option(
        "--policy",
        metavar="FILE",
        help=say("政策文件（默认为随程序附带的）。", "Policy file (default: the one that ships with the program)."),
    ),
]
OnePolicyFile = Annotated[
    Path | None,
    typer.Argument(
        metavar="[FILE]",
        help=say("政策文件（默认为随程序附带的）。", "Policy file (default: the one that ships with the program)."),
    ),
]
PolicyFiles = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[FILE]...",
        help=say("政策文件（默认为随程序附带的）。", "Policy files (default: the one that ships with the program)."),
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="READING=VALUE", help=say("改变一项口径，可多次。", "Change a reading; may be repeated.")
    ),
]
Applicant = Annotated[
    str,
    typer.Option(
        "--applicant",
        metavar="CODE_OR_NAME",
        help=say("哪一户：统一社会信用代码、名称或其一部分。", "Which applicant: its code, its name or a part of it."),
    ),
]
InputFormat = Annotated[
    str | None, typer.Option("--input-format", metavar="csv|jsonl", help=say("标准输入的格式。", "What stdin is."))
]
PasswordFile = Annotated[
    Path | None,
    typer.Option(
        "--password-file",
        metavar="FILE",
        help=say("写有工作簿密码的文本文件，每行一个。", "A text file with the passwords of workbooks, one a line."),
    ),
]
ReadLedger = Annotated[
    Path | None,
    typer.Option(
        "--ledger",
        metavar="FILE",
        help=say(
            "账本：以前登记的兑现和数据一并计入。", "The ledger: awards paid and figures recorded earlier count too."
        ),
    ),
]
Strict = Annotated[
    bool, typer.Option("--strict", help=say("有待补资料的也以 1 退出。", "Exit 1 also when a line is pending."))
]
Language = Annotated[str, typer.Option("--lang", metavar="zh|en", help=say("输出语言。", "Language of the output."))]
Quiet = Annotated[
    bool,
    typer.Option(
        "--quiet",
        "-q",
        help=say(
            "不打印明细和提示；数据格式照常输出。", "No breakdown, no messages; data formats are written all the same."
        ),
    ),
]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", help=say("列出全部发现，包括提示。", "List all findings, notes included."))
]
