"""Which applicant is meant: by code, by name, by a part of it; several are listed, a near one is suggested."""

from __future__ import annotations

import difflib
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Final

import polars as pl

from anqing_subsidy.finding import Text, UsageError

if TYPE_CHECKING:
    from anqing_subsidy.policy.model import Policy
    from anqing_subsidy.tables import Tables

_LISTED: Final = 10
_SUGGESTED: Final = 3
_ALIKE: Final = 0.5
"""Of two characters one may be another."""
_LOOKED_AT: Final = 200
"""Names that share most characters with what was typed: only these are compared letter by letter."""


def rows_of(policy: Policy, tables: Tables, wanted: str) -> pl.Series:
    """The rows of the applicants table that have this code or name.

    Raises:
        UsageError: several applicants, or none, are meant.
    """
    main = tables.frames[policy.main]
    people = main.select(code=policy.payee.code, name=policy.payee.name)
    return found_among(people, wanted)


def found_among(people: pl.DataFrame, wanted: str) -> pl.Series:
    """The positions at which one applicant (`code`, `name`) stands; several where its code does.

    Raises:
        UsageError: several applicants, or none, are meant.
    """
    typed = _plain(wanted)
    if not typed:
        raise UsageError(Text("--applicant 后写代码或名称", "--applicant takes a code or a name"))
    names = people["name"].fill_null("")
    at = ((people["code"] == typed.upper()) | (names == wanted)).fill_null(value=False).arg_true()
    if not at.len():
        plain = names.map_elements(_plain, return_dtype=pl.String)
        at = (plain == typed).arg_true()
        if not at.len():
            at = plain.str.contains(typed, literal=True).arg_true()
    found = people[at]
    if found.height and found.n_unique("code") == 1 and (found.height == 1 or found["code"][0] is not None):
        code = found["code"][0]
        return at if code is None else (people["code"] == code).fill_null(value=False).arg_true()
    if found.height:
        # rows of one code are one applicant, however often it was entered
        found = pl.concat(
            [found.drop_nulls("code").unique("code", maintain_order=True), found.filter(found["code"].is_null())]
        )
        listing = "; ".join(f"{name} {code or ''}".strip() for name, code in found.head(_LISTED).select("name", "code").rows())  # fmt: skip
        more = " …" if found.height > _LISTED else ""
        raise UsageError(
            Text(
                f"“{wanted}”对应 {found.height} 户，请用代码: {listing}{more}",
                f"{wanted!r} matches {found.height} applicants; use a code: {listing}{more}",
            )
        )
    close = _close(typed, people)
    hint = Text(f"，是否为 {'、'.join(close)}？", f"; did you mean {', '.join(close)}?") if close else Text("", "")
    raise UsageError(Text(f"没有申报主体“{wanted}”{hint.zh}", f"there is no applicant {wanted!r}{hint.en}"))


def _plain(text: str) -> str:
    """A name without what does not tell names apart: width, case, spaces, the kind of brackets."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _close(typed: str, people: pl.DataFrame) -> list[str]:
    """The names and codes that are nearest to what was typed."""
    known = [
        str(word) for column in ("name", "code") for word in people[column].drop_nulls().unique(maintain_order=True)
    ]
    if len(known) > _LOOKED_AT:
        letters = Counter(typed)
        known.sort(key=lambda word: -sum((Counter(_plain(word)) & letters).values()))
        known = known[:_LOOKED_AT]
    plain = {_plain(word): word for word in reversed(known)}
    close = difflib.get_close_matches(typed, list(plain), n=_SUGGESTED)
    if not close:
        # a part of a name with a slip in it: the part of each name that is most like it
        alike = [(_most_alike(typed, word), word) for word in plain]
        close = [word for likeness, word in sorted(alike, key=lambda one: -one[0]) if likeness >= _ALIKE][:_SUGGESTED]
    return [plain[word] for word in close]


def _most_alike(typed: str, name: str) -> float:
    """How much the part of a name that is most like what was typed is like it, from 0 to 1."""
    size = len(typed)
    parts = {name[at : at + size] for at in range(max(len(name) - size, 0) + 1)}
    return max(difflib.SequenceMatcher(None, typed, part, autojunk=False).ratio() for part in parts)
