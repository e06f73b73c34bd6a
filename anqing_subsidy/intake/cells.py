"""One column of a sheet on its way to a typed column: its cells, what was found in them, which are bad."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

import polars as pl

from anqing_subsidy.finding import NOTHING, Finding, Place, Severity, Text
from anqing_subsidy.intake.sheet import UNCACHED

if TYPE_CHECKING:
    from collections.abc import Collection

    from anqing_subsidy.intake.sheet import Sheet
    from anqing_subsidy.policy.columns import Column

_HALF: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""Full-width characters; NFKC would also make 52 of 5²."""

_WIDE: Final = {half: wide for wide, half in _HALF.items()}
_NOTHING: Final = (
    "-",
    "--",
    "---",
    "—",
    "——",
    "–",
    "―",
    "−",
    "/",
    "//",
    "\\",
    "无",
    "空",
    "空白",
    "N/A",
    "n/a",
    "N／A",
)
BLANKS: Final = (*_NOTHING, *(word.translate(_WIDE) for word in _NOTHING if word.translate(_WIDE) != word))
"""What people type to say that there is nothing."""

NOTHING_SAID: Final = frozenset(unicodedata.normalize("NFKC", word).casefold() for word in BLANKS)
"""The same, after NFKC and case folding."""

ERRORS: Final = ("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
_HASHES: Final = r"^#{3,}$"


SPACES: Final = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u00a0\u3000 \t\r\n"
"""What counts as space at either end of a cell, besides what Unicode calls so."""
_OUTER: Final = SPACES + "\v\f\x85\u1680\u2028\u2029\u202f\u205f" + "".join(map(chr, range(0x2000, 0x200B)))

_SPACE = re.compile(rf"[\s{SPACES}]+")
_LONGEST: Final = 60


@dataclass
class Cells:
    """The cells of one column; a converter turns `series` into values and calls `spoil` for what it refuses.

    `normal` counts what was read as something else than the characters typed, by kind (see `normal.py`).
    """

    sheet: Sheet
    column: Column
    letter: str
    series: pl.Series
    findings: list[Finding] = field(default_factory=list)
    bad: set[int] = field(default_factory=set)
    normal: dict[str, list[int]] = field(default_factory=dict)

    def row(self, index: int) -> int:
        """The row that a person sees for the index of a value."""
        return self._rows[index]

    @cached_property
    def _rows(self) -> list[int]:
        return self.sheet.rows.to_list()

    @cached_property
    def _label(self) -> Text:
        return Text(f"“{self.column.header}”：", f"{self.column.header} ({self.column.en}): ")

    def indices(self, rows: Collection[int]) -> list[int]:
        """Where the values of some rows stand; rows that are not of the table are left out."""
        if not rows:
            return []
        return self.sheet.rows.is_in(list(rows)).arg_true().to_list()

    @cached_property
    def numbers(self) -> frozenset[int]:
        """The rows in which the cell is a number and not a text, where the reader gave both as texts."""
        return self.sheet.number_rows(self.letter) if self.series.dtype == pl.String else frozenset()

    def note(
        self, index: int, severity: Severity, code: str, message: Text, value: str | None = None, fix: Text = NOTHING
    ) -> None:
        """Record a finding at a cell."""
        label = self._label
        place = Place(self.sheet.file, self.sheet.name, self._rows[index], self.letter)
        whole = Text(label.zh + message.zh, label.en + message.en)
        self.findings.append(Finding(severity, code, whole, place, value, fix))

    def spoil(self, index: int, code: str, message: Text, value: str | None = None, fix: Text = NOTHING) -> None:
        """Record an error at a cell and mark the cell as bad."""
        self.bad.add(index)
        self.note(index, "error", code, message, value, fix)

    def blank(self, index: int, typed: str) -> None:
        """Warn that a word for nothing counts as blank."""
        message = Text(f"填写“{typed}”，按空白处理", f"{typed!r} counts as blank")
        self.note(index, "warning", "BLANK_TEXT", message, typed, _LEAVE_EMPTY)

    def normalised(self, index: int, *kinds: str) -> None:
        """Count a cell that was read as something else than the characters typed."""
        for kind in kinds:
            self.normal.setdefault(kind, []).append(index)


_LEAVE_EMPTY = Text("没有数据请留空；数值为零请填 0", "leave the cell empty; type 0 if the figure is zero")


def cut(typed: str) -> str:
    """A text short enough to stand in a message."""
    return typed if len(typed) <= _LONGEST else typed[:_LONGEST] + "…"


def tidy(typed: str) -> tuple[str, list[str]]:
    """A text in half width with single spaces, and which of the two had to be done (the kinds of `normal`)."""
    spaced = _SPACE.sub(" ", typed).strip()
    text = spaced.translate(_HALF)
    return text, ["width"] if text != spaced else []


def spoil_hidden(cells: Cells) -> None:
    """Mark the cells that the reader returned as empty although they hold an error or an unevaluated formula."""
    faults = cells.sheet.faults.get(cells.letter, {})
    for index in cells.indices(faults):
        shown = faults[cells.row(index)]
        if shown == UNCACHED:
            cells.spoil(
                index,
                "UNCACHED_FORMULA",
                Text("公式没有保存计算结果，无法读取", "a formula without a stored value cannot be read"),
                "=",
                Text(
                    "用 Excel 或 WPS 打开并保存一次，或改填数值",
                    "open and save the file in Excel once, or type the value",
                ),
            )
        else:
            _spoil_error(cells, index, shown)


def spoil_merged(cells: Cells) -> None:
    """Mark the figures of a merged range: nobody can say to which of its rows they belong."""
    merged = cells.sheet.amounts_merged.get(cells.letter, {})
    for index in cells.indices(merged):
        area = merged[cells.row(index)]
        message = Text(
            f"数值所在的单元格 {area} 已合并，无法确定属于哪一行",
            f"the cells {area} are merged: the figure cannot be given to one row",
        )
        fix = Text("取消合并，每行各填各的数值", "unmerge the cells and type the figure of each row")
        cells.spoil(index, "MERGED_AMOUNT", message, fix=fix)


def spoil_booleans(cells: Cells) -> None:
    """Mark TRUE and FALSE as bad in a column of other values."""
    booleans = cells.sheet.booleans.get(cells.letter, {})
    for index in cells.indices(booleans):
        shown = booleans[cells.row(index)]
        message = Text(f"{shown} 不是该列的值", f"{shown} is no value of this column")
        cells.spoil(index, "INVALID_VALUE", message, shown, Text("请更正该单元格", "correct the cell"))


def _spoil_error(cells: Cells, index: int, shown: str) -> None:
    cells.spoil(
        index,
        "ERROR_CELL",
        Text(f"单元格为错误值 {shown}", f"the cell shows the error {shown}"),
        shown,
        Text(
            "更正公式或改填数值；错误值不会当作空白或 0",
            "mend the formula or type the value; an error is never blank or 0",
        ),
    )


def trimmed(cells: Cells, *, keep_words: bool = False) -> pl.Series:
    """The texts of a column without outer spaces; empty and blank-like ones null, error texts spoilt.

    With `keep_words` a word for nothing stays, because it may be a value (无 is "no").
    """
    texts = cells.series.str.strip_chars(_OUTER)
    if texts.str.len_bytes().sum() != cells.series.str.len_bytes().sum():
        spaced = (texts != cells.series) & (texts != "")
        for index in spaced.arg_true().to_list():
            cells.normalised(index, "spaces")
    texts = texts.set(texts == "", None)
    signs = texts.str.starts_with("#").fill_null(value=False)
    if signs.any():
        errors = signs & (texts.str.to_uppercase().is_in(ERRORS) | texts.str.contains(_HASHES)).fill_null(value=False)
        for index in errors.arg_true():
            _spoil_error(cells, index, texts[index])
        texts = texts.set(errors, None)
    if keep_words:
        return texts
    empty = texts.is_in(BLANKS).fill_null(value=False)
    if empty.any():
        texts = drop_blanks(cells, texts, empty)
    return texts


def drop_blanks(cells: Cells, texts: pl.Series, empty: pl.Series) -> pl.Series:
    """Make the marked texts null, and say so at each cell."""
    for index, word in zip(empty.arg_true().to_list(), texts.filter(empty).to_list(), strict=True):
        cells.blank(index, word)
    return texts.set(empty, None)


def spoil_all(cells: Cells) -> None:
    """Mark every filled cell as bad; the reason was said once, at the header."""
    cells.bad.update(cells.series.is_not_null().arg_true().to_list())
