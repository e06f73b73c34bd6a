"""Words: yes and no, enumerations by word or id, open lists, and plain text."""

from __future__ import annotations

import difflib
import re
import unicodedata
from typing import TYPE_CHECKING, Final

import polars as pl

from anqing_subsidy.finding import Text, listing
from anqing_subsidy.intake.cells import NOTHING_SAID, cut, drop_blanks, trimmed
from anqing_subsidy.intake.codes import AS_TEXT, check_id_numbers, is_id_number_column, shown_digits

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from anqing_subsidy.intake.cells import Cells


_HINTS: Final = 200
_NOT: Final = re.compile(r"[不非无未否没]|^(?:not|non|no|un)(?=[a-z])")
"""What turns a word round."""
_LOST = Text("号码按数字存放，15 位以后的数字已丢失", "stored as a number: the digits after the 15th are lost")


def fold(text: str) -> str:
    """A word without differences of case, width and spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def read_yesno(cells: Cells, yes: Sequence[str], no: Sequence[str]) -> pl.Series:
    """Yes or no; anything else is null and bad."""
    words = dict.fromkeys((*yes, "true", "1"), True) | dict.fromkeys((*no, "false", "0"), False)
    if cells.series.dtype == pl.Boolean:
        return cells.series
    listed = listing((*yes, *no))
    return _look_up(cells, words, pl.Boolean(), Text(f"只能填：{listed.zh}", f"one of: {listed.en}"))


def read_enum(cells: Cells, values: Mapping[str, Sequence[str]]) -> pl.Series:
    """The id of an enumeration's value; anything that is not listed is null and bad."""
    words = {word: key for key, listed in values.items() for word in (key, *listed)}
    first = listing([listed[0] if listed else key for key, listed in values.items()])
    return _look_up(cells, words, pl.String(), Text(f"可填：{first.zh}", f"one of: {first.en}"))


def _look_up(cells: Cells, words: Mapping[str, object], dtype: pl.DataType, allowed: Text) -> pl.Series:
    folded_words = {fold(word): value for word, value in words.items()}
    listed = _aslisting(cells.series, words, folded_words, dtype)
    if listed is not None:
        return listed
    texts = as_text(cells, keep_words=True)
    known: dict[str, object] = {}
    unknown: list[str] = []
    odd: dict[str, tuple[str, ...]] = {}
    for typed in texts.unique(maintain_order=True).drop_nulls().to_list():
        folded = fold(typed)
        if folded in folded_words:
            known[typed] = folded_words[folded]
            if typed not in words:
                odd[typed] = differences(typed, words)
        elif folded not in NOTHING_SAID:
            unknown.append(typed)
    found = texts.replace_strict(list(known), list(known.values()), default=None, return_dtype=dtype)
    _count_odd(cells, texts, odd)
    missing = found.is_null() & texts.is_not_null()
    if missing.any():
        wrong = texts.is_in(unknown).fill_null(value=False)
        drop_blanks(cells, texts, missing & ~wrong)
        messages = unknown_messages(unknown, words)
        for index, typed in zip(wrong.arg_true().to_list(), texts.filter(wrong).to_list(), strict=True):
            cells.spoil(index, "INVALID_VALUE", messages[typed], typed, allowed)
    return found


def _aslisting(
    series: pl.Series, words: Collection[str], values: Mapping[str, object], dtype: pl.DataType
) -> pl.Series | None:
    """The values of a column in which every cell holds a word exactly as it is listed; None of another column."""
    if series.dtype != pl.String or series.null_count() == len(series):
        return None
    typed = series.unique().drop_nulls()
    if len(typed) > len(words) or not all(word in words for word in typed):
        return None
    return series.replace_strict(typed, [values[fold(word)] for word in typed], default=None, return_dtype=dtype)


def differences(typed: str, words: Collection[str]) -> tuple[str, ...]:
    """In what a word that is known after folding differs from the way it is listed."""
    half = unicodedata.normalize("NFKC", typed)
    bare = "".join(half.split())
    listed = {"".join(unicodedata.normalize("NFKC", word).split()) for word in words}
    kinds = {"width": half != typed, "spaces": bare != half, "case": bare not in listed}
    return tuple(kind for kind, differs in kinds.items() if differs)


def _count_odd(cells: Cells, texts: pl.Series, odd: Mapping[str, tuple[str, ...]]) -> None:
    if not odd:
        return
    marked = texts.is_in(list(odd)).fill_null(value=False)
    for index, typed in zip(marked.arg_true().to_list(), texts.filter(marked).to_list(), strict=True):
        cells.normalised(index, *odd[typed])


def unknown_messages(unknown: Sequence[str], words: Mapping[str, object]) -> dict[str, Text]:
    """What is said of each word; a likely one is looked for only where there are few, for that is slow."""
    messages = {}
    listed = {fold(word): word for word in words}
    for number, typed in enumerate(sorted(unknown)):
        near = _likely(typed, words, listed) if number < _HINTS else None
        hint = Text(f"，是否“{near}”？", f"; did you mean {near}?") if near else Text("", "")
        messages[typed] = Text(f"不认识“{cut(typed)}”{hint.zh}", f"{cut(typed)!r} is not known here{hint.en}")
    return messages


def _likely(typed: str, words: Mapping[str, object], listed: Mapping[str, str]) -> str | None:
    """The word that was probably meant, as it is listed; never one that says the opposite.

    `listed` are the words by what is left of them after folding.
    """
    folded = fold(typed)
    same = [word for word in listed if _turned(word) == _turned(folded)]
    near = difflib.get_close_matches(folded, same, 1, 0.6)
    if near:
        return listed[near[0]]
    bare = words.get(listed.get(_NOT.sub("", folded, 1), "")) if _turned(folded) == "all" else None
    return next((word for word, value in words.items() if value is not bare), None) if isinstance(bare, bool) else None


def _turned(word: str) -> str:
    """Whether a word is turned round: all of it, a part, or nothing."""
    found = _NOT.search(word)
    return "nothing" if found is None else "part" if found.start() else "all"


def read_text(cells: Cells) -> pl.Series:
    """Text as typed, without outer spaces; a number becomes its digits."""
    texts = _seen(cells, as_text(cells))
    long = texts.str.contains(r"^[0-9]{16,}(?:\.0*)?$|^[0-9](?:\.[0-9]+)?[eE]\+[0-9]+$").fill_null(value=False)
    if long.any():
        if cells.series.dtype == pl.String:
            # a text file has no numbers, but only a number is ever written as 3.4082E+17
            lost = long & (cells.sheet.rows.is_in(list(cells.numbers)) | texts.str.contains(r"[eE]\+"))
        else:
            lost = long
        for index, typed in zip(lost.arg_true().to_list(), texts.filter(lost).to_list(), strict=True):
            cells.spoil(index, "DIGITS_LOST", _LOST, shown_digits(typed), AS_TEXT)
        texts = texts.set(lost, None)
    if is_id_number_column((cells.column.header, *cells.column.aliases)):
        texts = check_id_numbers(cells, texts)
    return texts


def _seen(cells: Cells, texts: pl.Series) -> pl.Series:
    """Numbers among texts with the 15 digits that a person sees, not those of the double behind."""
    if not cells.numbers:
        return texts
    fractions = texts.str.contains(r"^-?[0-9]+\.[0-9]{3,}$").fill_null(value=False)
    shown = fractions & cells.sheet.rows.is_in(list(cells.numbers))
    values = [f"{float(text):.15g}" for text in texts.filter(shown).to_list()]
    return texts.clone().scatter(shown.arg_true(), values) if values else texts


def read_open_list(cells: Cells, values: Mapping[str, Sequence[str]]) -> pl.Series:
    """A listed word or code becomes the list's first word; another one is kept, with a warning."""
    words = {word: listed[0] for key, listed in values.items() for word in (key, *listed)}
    names = {fold(word): name for word, name in words.items()}
    listed_only = _aslisting(cells.series, words, names, pl.String())
    if listed_only is not None:
        return listed_only
    texts = as_text(cells)
    replaced: dict[str, str] = {}
    odd: dict[str, tuple[str, ...]] = {}
    for typed in texts.unique(maintain_order=True).drop_nulls().to_list():
        name = names.get(fold(typed))
        if name is not None:
            replaced[typed] = name
            if typed not in words:
                odd[typed] = differences(typed, words)
    _count_odd(cells, texts, odd)
    unlisted = texts.is_not_null() & ~texts.is_in(list(replaced)).fill_null(value=False)
    if unlisted.any():
        listed = listing(dict.fromkeys(words.values()))
        fix = Text(f"名录：{listed.zh}", f"the list: {listed.en}")
        for index, typed in zip(unlisted.arg_true().to_list(), texts.filter(unlisted).to_list(), strict=True):
            message = Text(f"“{cut(typed)}”不在名录内，照原样保留", f"{cut(typed)!r} is not on the list; kept as it is")
            cells.note(index, "warning", "UNLISTED_VALUE", message, typed, fix)
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
