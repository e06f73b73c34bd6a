"""One column of a sheet on its way to a typed column: its cells, what was found in them, which are bad."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from anqing_subsidy.finding import NOTHING, Finding, Severity, Text

if TYPE_CHECKING:
    import polars as pl

    from anqing_subsidy.intake.sheet import Sheet
    from anqing_subsidy.policy.model import Column

BLANKS: Final = ("-", "--", "---", "－", "—", "——", "–", "―", "/", "／", "//", "\\", "无", "N/A", "n/a", "N／A")
"""What people type to say that there is nothing."""

NOTHING_SAID: Final = frozenset(("-", "--", "---", "—", "——", "–", "―", "/", "//", "\\", "无", "n/a"))
"""The same, after NFKC and case folding."""

ERRORS: Final = ("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
_HASHES: Final = r"^#{3,}$"


@dataclass
class Cells:
    """The cells of one column; a converter turns `series` into values and calls `spoil` for what it refuses."""

    sheet: Sheet
    column: Column
    letter: str
    series: pl.Series
    findings: list[Finding] = field(default_factory=list)
    bad: set[int] = field(default_factory=set)

    def row(self, index: int) -> int:
        """The row that a person sees for the index of a value."""
        return int(self.sheet.rows[index])

    def note(
        self, index: int, severity: Severity, code: str, message: Text, value: str | None = None, fix: Text = NOTHING
    ) -> None:
        """Record a finding at a cell."""
        label = Text(f"“{self.column.header}”：{message.zh}", f"{self.column.header} ({self.column.en}): {message.en}")
        place = self.sheet.place(self.row(index), self.letter)
        self.findings.append(Finding(severity, code, label, place, value, fix))

    def spoil(self, index: int, code: str, message: Text, value: str | None = None, fix: Text = NOTHING) -> None:
        """Record an error at a cell and mark the cell as bad."""
        self.bad.add(index)
        self.note(index, "error", code, message, value, fix)

    def blank(self, indices: list[int], typed: str) -> None:
        """Record that cells with a word for nothing count as blank: one remark for all cells of the column."""
        more = len(indices) - 1
        self.note(
            indices[0],
            "info",
            "BLANK_TEXT",
            Text(
                f"填写“{typed}”，按空白处理" + (f"（本列另有 {more} 格相同）" if more else ""),
                f"{typed!r} counts as blank" + (f" (and {more} more cells of this column)" if more else ""),
            ),
            typed,
            Text("没有数据请留空；数值为零请填 0", "leave the cell empty; type 0 if the figure is zero"),
        )


def spoil_hidden(cells: Cells) -> None:
    """Mark the cells that the reader returned as empty although they hold an error or an unevaluated formula."""
    for row, shown in sorted(cells.sheet.faults.get(cells.letter, {}).items()):
        index = cells.sheet.index(row)
        if index is None:
            continue
        if shown == "=":
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
    for row, area in sorted(cells.sheet.amounts_merged.get(cells.letter, {}).items()):
        index = cells.sheet.index(row)
        if index is not None:
            message = Text(
                f"数值所在的单元格 {area} 已合并，无法确定属于哪一行",
                f"the cells {area} are merged: the figure cannot be given to one row",
            )
            fix = Text("取消合并，每行各填各的数值", "unmerge the cells and type the figure of each row")
            cells.spoil(index, "MERGED_AMOUNT", message, fix=fix)


def spoil_booleans(cells: Cells) -> None:
    """Mark TRUE and FALSE as bad in a column of other values."""
    for row, shown in sorted(cells.sheet.booleans.get(cells.letter, {}).items()):
        index = cells.sheet.index(row)
        if index is not None:
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
    texts = cells.series.str.strip_chars().str.strip_chars("\u200b\ufeff\u00a0\u3000 ")
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
    """Make the marked texts null and say so, once for each word."""
    by_word: dict[str, list[int]] = {}
    for index in empty.arg_true():
        by_word.setdefault(texts[index], []).append(index)
    for word, indices in by_word.items():
        cells.blank(indices, word)
    return texts.set(empty, None)


def spoil_all(cells: Cells) -> None:
    """Mark every filled cell as bad; the reason was said once, at the header."""
    cells.bad.update(cells.series.is_not_null().arg_true().to_list())
