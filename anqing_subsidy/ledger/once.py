"""What an award that is paid once in a life uses up: a tier, an applicant, an object, a level; as keys of the ledger."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from anqing_subsidy.policy.clauses import crossings_of

if TYPE_CHECKING:
    from anqing_subsidy.policy.clauses import Clause


def keys_of(
    clause: Clause, code: str, things: Iterable[str | None], tier: int | None, levels: Iterable[str]
) -> list[str]:
    """The keys that a payment holds while it stands; no two payments hold one key.

    Args:
        clause: The clause that pays.
        code: Who is paid.
        things: The objects paid for; None where the object is the applicant itself or nobody says which it is.
        tier: The step reached; None where there is none, or nobody says which.
        levels: The levels paid for.
    """
    found = []
    if tier is not None and any(crossing.once_with for crossing in crossings_of(clause.award)):
        found.append(_key(clause.id, "tier", code, str(tier)))
    things = list(things)
    for rule in clause.once:
        if rule.years is not None:
            continue  # what blocks for some years only may be paid again
        if rule.same == ("applicant",):
            found.append(_key(clause.id, "applicant", code))
        elif "level" in rule.same:
            found.extend(
                _key(clause.id, "level", code, thing or code, level) for thing in things or [None] for level in levels
            )
        else:
            found.extend(_key(clause.id, "object", thing) for thing in things if thing is not None)
    return list(dict.fromkeys(found))


def _key(*parts: str) -> str:
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
