"""Words: yes and no, enumerations by word or id, open lists, and plain text."""

from __future__ import annotations

import difflib
import unicodedata
from typing import TYPE_CHECKING

import polars as pl

from anqing_subsidy.finding import Text
from anqing_subsidy.intake.cells import NOTHING_SAID, drop_blanks, trimmed
from anqing_subsidy.intake.codes import check_id_numbers, is_id_number_column

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from anqing_subsidy.intake.cells import Cells


def fold(text: str) -> str:
    """A word without differences of case, width and spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def read_yesno(cells: Cells, yes: Sequence[str], no: Sequence[str]) -> pl.Series:
    """Yes or no; anything else is null and bad."""
    words = {fold(word): True for word in (*yes, "true", "1")} | {fold(word): False for word in (*no, "false", "0")}
    if cells.series.dtype == pl.Boolean:
        return cells.series
    listed = "、".join((*yes, *no))
    return _look_up(cells, words, pl.Boolean(), Text(f"只能填：{listed}", f"one of: {listed}"))


def read_enum(cells: Cells, values: Mapping[str, Sequence[str]]) -> pl.Series:
    """The id of an enumeration's value; anything that is not listed is null and bad."""
    words = {fold(word): key for key, listed in values.items() for word in (key, *listed)}
    first = "、".join(listed[0] if listed else key for key, listed in values.items())
    return _look_up(cells, words, pl.String(), Text(f"可填：{first}", f"one of: {first}"))


def _look_up(cells: Cells, words: Mapping[str, object], dtype: pl.DataType, allowed: Text) -> pl.Series:
    texts = as_text(cells, keep_words=True)
    known: dict[str, object] = {}
    unknown: list[str] = []
    for typed in texts.unique().drop_nulls().to_list():
        folded = fold(typed)
        if folded in words:
            known[typed] = words[folded]
        elif folded not in NOTHING_SAID:
            unknown.append(typed)
    found = texts.replace_strict(list(known), list(known.values()), default=None, return_dtype=dtype)
    missing = found.is_null() & texts.is_not_null()
    if missing.any():
        wrong = texts.is_in(unknown).fill_null(value=False)
        drop_blanks(cells, texts, missing & ~wrong)
        for index in wrong.arg_true():
            typed = texts[index]
            near = difflib.get_close_matches(fold(typed), list(words), 1, 0.6)
            hint = Text(f"，是否“{near[0]}”？", f"; did you mean {near[0]}?") if near else Text("", "")
            cells.spoil(
                index,
                "INVALID_VALUE",
                Text(f"不认识“{typed}”{hint.zh}", f"{typed!r} is not known here{hint.en}"),
                typed,
                allowed,
            )
    return found


def read_text(cells: Cells) -> pl.Series:
    """Text as typed, without outer spaces; a number becomes its digits."""
    identity = is_id_number_column((cells.column.header, *cells.column.aliases))
    texts = _seen(cells, as_text(cells))
    long = texts.str.contains(r"^[0-9]{16,}$").fill_null(value=False)
    if long.any():
        numbers = _all_rows(cells) if cells.series.dtype != pl.String else cells.sheet.number_rows(cells.letter)
        lost = long & cells.sheet.rows.is_in(list(numbers))
        for index in lost.arg_true():
            cells.spoil(
                index,
                "DIGITS_LOST",
                Text("号码按数字存放，15 位以后的数字已丢失", "stored as a number: the digits after the 15th are lost"),
                texts[index],
                Text("将单元格设为文本格式后重新填写", "format the cell as text and type it again"),
            )
        texts = texts.set(lost, None)
    if identity:
        check_id_numbers(cells, texts)
    return texts


def _seen(cells: Cells, texts: pl.Series) -> pl.Series:
    """Numbers among texts with the 15 digits that a person sees, not those of the double behind."""
    fractions = texts.str.contains(r"^-?[0-9]+\.[0-9]{3,}$").fill_null(value=False)
    if cells.series.dtype != pl.String or not fractions.any():
        return texts
    indices = (fractions & cells.sheet.rows.is_in(list(cells.sheet.number_rows(cells.letter)))).arg_true().to_list()
    return texts.clone().scatter(indices, [f"{float(texts[index]):.15g}" for index in indices]) if indices else texts


def _all_rows(cells: Cells) -> frozenset[int]:
    return frozenset(cells.sheet.rows.to_list())


def read_open_list(cells: Cells, values: Mapping[str, Sequence[str]]) -> pl.Series:
    """A listed word or code becomes the list's first word; another one is kept, with a warning."""
    names = {fold(word): listed[0] for key, listed in values.items() for word in (key, *listed)}
    texts = as_text(cells)
    replaced: dict[str, str] = {}
    for typed in texts.unique().drop_nulls().to_list():
        name = names.get(fold(typed))
        if name is not None:
            replaced[typed] = name
            continue
        for index in (texts == typed).arg_true():
            cells.note(
                index,
                "warning",
                "UNLISTED_VALUE",
                Text(f"“{typed}”不在名录内，照原样保留", f"{typed!r} is not on the list; kept as it is"),
                typed,
                Text(
                    f"名录：{'、'.join(dict.fromkeys(names.values()))}",
                    f"the list: {', '.join(dict.fromkeys(names.values()))}",
                ),
            )
    return texts.replace(list(replaced), list(replaced.values()))


def as_text(cells: Cells, *, keep_words: bool = False) -> pl.Series:
    """The column as texts: numbers without a needless fraction, dates as ISO."""
    series = cells.series
    if series.dtype == pl.String:
        return trimmed(cells, keep_words=keep_words)
    if series.dtype.is_float():
        values = [None if number is None else _digits(number) for number in series.to_list()]
        return pl.Series(values=values, dtype=pl.String)
    if series.dtype == pl.Datetime:
        return series.cast(pl.Date).cast(pl.String)
    if series.dtype == pl.Duration:
        return series.dt.to_string()
    return series.cast(pl.String)


def _digits(number: float) -> str:
    return str(int(number)) if number.is_integer() else f"{number:.15g}"
