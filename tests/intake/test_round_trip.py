"""A value in any form that people type is read back exactly from a workbook and from a .csv, or refused at its cell."""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from anqing_subsidy.intake import read_tables
from anqing_subsidy.policy import parse_policy

from .conftest import code, save

if TYPE_CHECKING:
    from collections.abc import Callable

    from anqing_subsidy.tables import Tables

HALF: Final = "0123456789.,%-/:"
WIDE: Final = str.maketrans(HALF, "０１２３４５６７８９．，％－／：")
SPACES: Final = ("", "", " ", "  ", "\u3000", "\u00a0", "\u200b", "\t")
DIGITS: Final = dict(zip("0123456789", "〇一二三四五六七八九", strict=True))
SHARE: Final = "      online_share: {header: 线上占比, en: online share, type: ratio, range: [0%, 100%]}\n"
_TEXT: Final = (Path(__file__).parents[2] / "policy.yaml").read_text(encoding="utf-8")
_MARK: Final = "      online_gmv_yuan: {header: 网上年交易额"
POLICY: Final = parse_policy(_TEXT.replace(_MARK, SHARE + _MARK, 1).encode(), "policy.yaml", {})


@dataclass(frozen=True)
class Typed:
    """A cell as typed, and what is read: a value, blank (None), or nothing because it is refused."""

    cell: Any
    want: Any = None
    refused: bool = False


def written(text: str, draw: st.DrawFn) -> str:
    """A text as people happen to type it: full width, spaces around it."""
    text = text.translate(WIDE) if draw(st.booleans()) else text
    return draw(st.sampled_from(SPACES)) + text + draw(st.sampled_from(SPACES))


BLANK: Final = st.sampled_from(["-", "/", "—", "N/A", "空", "", None, "　", "Ｎ／Ａ"]).map(Typed)


@st.composite
def figures(draw: st.DrawFn, places: int, scale: int, units: dict[str, int]) -> Typed:
    """A figure of up to `places` decimals in a form that people use; the wanted value in units of 1 / `scale`."""
    whole = draw(st.integers(0, 10**7) | st.integers(0, 100))
    digits = draw(st.integers(0, places))
    rest = draw(st.integers(0, 10**digits - 1)) if digits else 0
    number = Decimal(whole) + Decimal(rest).scaleb(-digits)
    form = draw(st.sampled_from(["number", "double", "text", "grouped", "unit", "negative", "chinese", "power"]))
    plain = f"{number:.{digits}f}"
    wanted = int(number * scale)
    if form == "number":
        return Typed(float(plain), wanted)
    if form == "double":
        return Typed(float(plain) * (1 + draw(st.sampled_from([0, 1, -1])) * 2.2e-16), wanted)
    if form == "negative":
        minus = draw(st.sampled_from([f"-{plain}", f"({plain})", f"−{plain}"]))
        return Typed(minus, 0 if minus[0] != "(" and number == 0 else None, refused=minus[0] == "(" or number > 0)
    if form == "chinese":
        return Typed("".join(DIGITS[char] for char in str(whole)), refused=True)
    if form == "power":
        return Typed(f"{number:E}".replace("E+", "E+0") + ("" if whole else "E+02"), refused=True)
    text = f"{number:,.{digits}f}" if form == "grouped" else plain
    if form != "unit":
        return Typed(written(text, draw), wanted)
    unit = draw(st.sampled_from(sorted(units)))
    times = units[unit]
    value = number * times * scale
    if value != int(value) or value > 10**15:
        return Typed(written(text, draw), wanted)
    return Typed(written(text + draw(st.sampled_from(["", " "])) + unit, draw), int(value))


@st.composite
def days(draw: st.DrawFn) -> Typed:
    """A date in a form that people use, or one that is not certain."""
    day = draw(st.dates(dt.date(1930, 1, 1), dt.date(2099, 12, 31)))
    year, month, number = day.year, day.month, day.day
    serial = (day - dt.date(1899, 12, 30)).days
    certain = [
        day,
        serial,
        str(serial),
        int(f"{day:%Y%m%d}"),
        f"{day:%Y%m%d}",
        f"{year}-{month}-{number}",
        f"{year}/{month}/{number}",
        f"{year}.{month}.{number}",
        f"{year}年{month}月{number}日",
        f"{year} 年 {month} 月 {number} 日",
        f"{day:%Y-%m-%d} 10:30",
        chinese(day),
    ]
    uncertain = [f"{number}/{month}/{year}", f"{day:%y}-{month}-{number}", f"{year}-2-30", f"{year}年{month}月"]
    typed = draw(st.sampled_from([*certain, *certain, *uncertain]))
    refused = typed in uncertain
    typed = written(typed, draw) if isinstance(typed, str) else typed
    return Typed(typed, None if refused else day, refused=refused)


def chinese(day: dt.date) -> str:
    def below_hundred(number: int) -> str:
        tens, ones = divmod(number, 10)
        lead = "" if tens == 0 else "十" if tens == 1 else DIGITS[str(tens)] + "十"
        return lead + (DIGITS[str(ones)] if ones or not tens else "")

    year = "".join(DIGITS[digit] for digit in str(day.year))
    return f"{year}年{below_hundred(day.month)}月{below_hundred(day.day)}日"


@st.composite
def words(draw: st.DrawFn, known: dict[str, Any], unknown: list[str]) -> Typed:
    """One of the listed words in a human form, or another."""
    if draw(st.integers(0, 5)) == 0:
        return Typed(draw(st.sampled_from(unknown)), refused=True)
    word = draw(st.sampled_from(sorted(known)))
    typed = draw(st.sampled_from([word, word.upper(), f" {word}", f"{word}\u3000", f"\u00a0{word}"]))
    return Typed(typed, known[word])


@st.composite
def shares(draw: st.DrawFn) -> Typed:
    """A share within 0 to 100 %, with a sign, or bare where that is certain; 0.65 bare could be 0.65 %."""
    hundredths = draw(st.integers(0, 10_000))
    percent = Decimal(hundredths) / 100
    wanted = hundredths * 10**4
    form = draw(st.sampled_from(["sign", "mille", "bare", "fraction", "over"]))
    if form == "sign":
        return Typed(written(f"{percent}%", draw), wanted)
    if form == "mille":
        return Typed(f"{percent * 10}‰", wanted)
    if form == "over":
        return Typed(f"{percent + Decimal('100.01')}%", refused=True)
    if form == "bare":
        bare = draw(st.sampled_from([float(percent), str(percent)]))
        return Typed(bare, None if 0 < percent <= 1 else wanted, refused=0 < percent <= 1)
    fraction = float(percent / 100)
    return Typed(fraction, 0 if fraction == 0 else None, refused=fraction > 0)


YESNO: Final = {"是": True, "有": True, "√": True, "y": True, "否": False, "无": False, "×": False, "n": False}
FORMS: Final = {
    word: option
    for option, listed in (POLICY.tables["applicants"].columns["entity_form"].values or {}).items()
    for word in (option, *listed)
}
MONEY_UNITS: Final = {"元": 1, "千元": 10**3, "万": 10**4, "万元": 10**4, "百万元": 10**6, "亿": 10**8, "亿元": 10**8}
COLUMNS: Final[dict[str, tuple[str, st.SearchStrategy[Typed]]]] = {
    "online_gmv_yuan": ("网上年交易额(元)", figures(2, 100, MONEY_UNITS)),
    "cross_border_parcels": ("跨境包裹（件）", figures(0, 1, {"件": 1, "万件": 10**4, "万": 10**4, "千单": 10**3})),
    "established_on": ("成立日期", days()),
    "is_introduced": ("是否引进落户", words(YESNO, ["也许", "2", "是否", "ok"])),
    "entity_form": ("主体类型", words(FORMS, ["有限公式", "x", "1"])),
    "online_share": ("线上占比", shares()),
}
FRACTIONS: Final = {"m2": 1, "㎡": 1, "平方米": 1, "万平方米": 10**4, "公顷": 10**4}


def save_xlsx(folder: Path, headers: list[str], rows: list[list[Any]]) -> Path:
    return save(folder / "a.xlsx", {"数据": [headers, *rows]})


def save_csv(folder: Path, headers: list[str], rows: list[list[Any]]) -> Path:
    def text(value: Any) -> str:  # noqa: ANN401  # a cell's value
        return "" if value is None else f"{value:.15g}" if isinstance(value, float) else str(value)

    path = folder / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([headers, *([text(value) for value in row] for row in rows)])
    return path


WAYS: Final[tuple[Callable[[Path, list[str], list[list[Any]]], Path], ...]] = (save_xlsx, save_csv)


def read_back(headers: list[str], rows: list[list[Any]]) -> list[Tables]:
    with tempfile.TemporaryDirectory() as folder:
        return [read_tables([way(Path(folder), headers, rows)], POLICY) for way in WAYS]


def hold(tables: Tables, table: str, name: str, letter: str, typed: list[Typed]) -> None:
    """Every cell of a column has its value, or none and a finding at its place; no other cell has an error."""
    frame = tables.frames[table]
    assert frame[name].to_list() == [one.want for one in typed], [one.cell for one in typed]
    refused = {at + 2 for at, one in enumerate(typed) if one.refused}
    marked = {
        finding.place.row
        for finding in tables.findings
        if finding.severity == "error" and finding.place is not None and finding.place.column == letter
    }
    assert marked == refused
    bad = frame[f"{name}!bad"].to_list() if f"{name}!bad" in frame.columns else [False] * len(typed)
    assert {at + 2 for at, is_bad in enumerate(bad) if is_bad} == refused


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_value_in_any_human_form_is_read_back_exactly_or_refused_at_its_cell(data: st.DataObject) -> None:
    height = data.draw(st.integers(1, 12))
    columns = {
        name: data.draw(st.lists(strategy | BLANK, min_size=height, max_size=height))
        for name, (_, strategy) in COLUMNS.items()
    }
    headers = ["统一社会信用代码", "名称", *(header for header, _ in COLUMNS.values())]
    rows = [[code(at), "甲", *(typed[at].cell for typed in columns.values())] for at in range(height)]
    for tables in read_back(headers, rows):
        for letter, (name, typed) in zip("CDEFGH", columns.items(), strict=True):
            hold(tables, "applicants", name, letter, typed)


@given(st.lists(figures(4, 10_000, FRACTIONS) | BLANK, min_size=1, max_size=20))
@settings(max_examples=40, deadline=None)
def test_an_area_in_any_human_form_is_read_back_exactly_or_refused_at_its_cell(typed: list[Typed]) -> None:
    headers = ["园区编号", "运营主体统一社会信用代码", "建筑面积(㎡)"]
    rows = [[f"P{at}", code(1), one.cell] for at, one in enumerate(typed)]
    for tables in read_back(headers, rows):
        hold(tables, "parks", "building_area_m2", "C", typed)


@st.composite
def codes(draw: st.DrawFn) -> Typed:
    """A credit code as people type it, or one with a slip: a wrong check digit, an O, a digit too few, a number."""
    right = code(draw(st.integers(1, 10**6)))
    form = draw(st.sampled_from(["typed", "typed", "check", "letter", "short", "number"]))
    if form == "typed":
        split = draw(st.integers(0, 18))
        typed = right[:split] + draw(st.sampled_from(SPACES)) + right[split:]
        typed = typed.lower() if draw(st.booleans()) else typed
        return Typed(written(typed, draw), right)
    if form == "number":
        return Typed(float(draw(st.integers(10**16, 10**18 - 1))), refused=True)
    if form == "check":
        wrong = right[:17] + ("0" if right[17] != "0" else "1")
        return Typed(wrong, wrong, refused=True)
    if form == "letter":
        return Typed(right.replace("0", "O", 1), right.replace("0", "O", 1), refused=True)
    return Typed(right[:-1], right[:-1], refused=True)


@given(st.lists(codes(), min_size=1, max_size=20))
@settings(max_examples=40, deadline=None)
def test_a_code_in_any_human_form_is_read_back_exactly_or_refused_at_its_cell(typed: list[Typed]) -> None:
    rows = [[one.cell, "甲", 1] for one in typed]
    for tables in read_back(["统一社会信用代码", "名称", "跨境包裹"], rows):
        hold(tables, "applicants", "uscc", "A", typed)


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1), min_size=1))
@settings(max_examples=40, deadline=None)
def test_a_name_is_read_back_as_it_is_without_the_spaces_around_it(names: list[str]) -> None:
    spaces = "".join(SPACES) + "\u200c\u200d\u2060\ufeff\u00ad"
    kept = [f"甲{name}乙" for name in names]
    rows = [[code(at), f" \u3000{name}{spaces}", 1] for at, name in enumerate(kept)]
    for tables in read_back(["统一社会信用代码", "名称", "跨境包裹"], rows):
        assert tables.frames["applicants"]["name"].to_list() == kept
