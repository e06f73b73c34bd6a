"""What was read as something else than the characters typed: counted by kind and column, one remark each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from anqing_subsidy.finding import Finding, Text, listing

if TYPE_CHECKING:
    from anqing_subsidy.intake.cells import Cells

KINDS: Final = {
    "spaces": Text("有多余空格或不可见字符，已去掉", "spaces or invisible characters, left out"),
    "width": Text("有全角字符，按半角读取", "full-width characters, read as half-width"),
    "case": Text("大小写不同，按标准写法读取", "another case of letters, read as the usual one"),
    "separators": Text("有千位分隔符，按数字读取", "thousands separators, read as a figure"),
    "currency": Text("有货币符号，按数字读取", "a currency sign, read as a figure"),
    "date_form": Text("日期写法不同，按年-月-日读取", "a date in another form, read as year-month-day"),
    "serial": Text("为日期序列号，按日期读取", "a serial number, read as its date"),
    "time": Text("日期后有时刻，时刻略去", "a time behind the date, left out"),
    "percent": Text(
        "没有写 %，按该列的取值范围读作百分数", "no % sign, read as a percentage by the range of the column"
    ),
    "share": Text("没有写 %，按该列的取值范围读作小数", "no % sign, read as a fraction by the range of the column"),
}
"""Each kind of normalisation, as its remark words it."""

_LISTED: Final = 10


def remarks(cells: Cells) -> list[Finding]:
    """One remark for each kind: how many cells of the column, and the first ten of them."""
    found = []
    for kind, indices in cells.normal.items():
        cells_read = sorted(set(indices))
        first, count = cells_read[:_LISTED], len(cells_read)
        listed = listing(f"{cells.letter}{cells.row(index)}" for index in first)
        more = Text("等", " ...") if count > len(first) else Text("", "")
        noun = "cell" if count == 1 else "cells"
        message = Text(
            f"“{cells.column.header}”：{count} 格{KINDS[kind].zh}（{listed.zh}{more.zh}）",
            f"{cells.column.header} ({cells.column.en}): {count} {noun} with {KINDS[kind].en} ({listed.en}{more.en})",
        )
        place = cells.sheet.place(cells.row(first[0]), cells.letter)
        value = cells.series[first[0]]
        typed = None if value is None else f"{value:.15g}" if isinstance(value, float) else str(value)
        found.append(Finding("info", "NORMALISED", message, place, typed, Text("无需处理", "nothing to do")))
    return found
