"""What a column must be to play its part: the year of a sheet of years, the key of a claim, the code of an applicant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from anqing_subsidy.policy.faults import HOLE
from anqing_subsidy.policy.kind_words import kind_said, kinds_said
from anqing_subsidy.policy.schema import (
    ApplicantDoc,
    ClaimantDoc,
    DecisionsDoc,
    HistoryDoc,
    PaidDoc,
    SupportDoc,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anqing_subsidy.policy.names import Names
    from anqing_subsidy.policy.reader import Entry
    from anqing_subsidy.policy.terms import FactType

_WORDS: Final[tuple[FactType, ...]] = ("text", "enum", "uscc")
_CODES: Final[tuple[FactType, ...]] = ("uscc", "text")

_ROLES: Final[Mapping[type[Entry], Mapping[str, tuple[FactType, ...]]]] = {
    ApplicantDoc: {
        "code": _CODES,
        "county": _WORDS,
    },
    HistoryDoc: {"year": ("year",)},
    PaidDoc: {
        "year": ("year",),
        "clause": _WORDS,
        "object": _WORDS,
        "tier": ("count",),
        "level": _WORDS,
        "amount": ("money",),
    },
    SupportDoc: {
        "clause": _WORDS,
        "object": _WORDS,
        "units": ("count",),
        "amount": ("money",),
        "same_matter": ("yesno",),
    },
    DecisionsDoc: {
        "clause": _WORDS,
        "object": _WORDS,
        "decision": _WORDS,
        "amount": ("money",),
    },
    ClaimantDoc: {"key": _CODES, "claimant": _CODES, "earliest": ("date",)},
}


def check_roles(doc: Entry, table: str, names: Names) -> None:
    """A fault for each column that an entry names and the table has not, or that cannot be what the entry says it is."""
    kinds = _ROLES[type(doc)]
    plain: tuple[FactType, ...] = ("text",)
    for key, word in doc.columns_named():
        line = doc.at(key)
        names.column(table, word, line)
        column = names.tables[table].columns.get(word) if table in names.tables else None
        if column is None or column.type == HOLE or column.type in kinds.get(key, plain):
            continue
        own, wanted = kind_said(column.type, column.unit), kinds_said(kinds.get(key, plain))
        names.faults.add(
            line,
            f"{key} 不能用列 {word}（{own.zh}），只能是 {wanted.zh}",
            f"`{key}` cannot be column `{word}` ({own.en}); it takes {wanted.en}",
        )
