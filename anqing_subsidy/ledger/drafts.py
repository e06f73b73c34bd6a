"""What is about to be recorded: entries that have no number yet, figures, and what is said of the run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry to be: a payment, or (with `target`, a negative `amount`) the taking back of one. Amounts in fen."""

    code: str
    name: str
    year: int
    clause: str
    object: str
    sequence: int
    amount: int
    tier: int | None = None
    level: str | None = None
    funds: Mapping[str, int] = field(default_factory=dict)
    parts: tuple[tuple[str, int], ...] = ()
    once: tuple[str, ...] = ()
    kind: str = "paid"
    target: int | None = None
    frees: bool = False

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What is paid: firm, clause, object, year."""
        return self.code, self.clause, self.object, self.year


@dataclass(frozen=True, slots=True)
class Signed:
    """Who records, and on which document; `source` is the file that is recorded."""

    who: str
    document: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything that one run adds. `digest` tells whether the same was recorded before.

    `figures`: code, year, column, value in smallest units. `seen_run`, `seen_head`: where the ledger ended that the
    result was computed with. `target`, `applicant`, `clause`, `reason`: which run is taken back, how far, and why.
    """

    kind: str
    digest: str
    entries: tuple[Draft, ...]
    figures: tuple[tuple[str, int, str, int], ...] = ()
    policy: str = ""
    policy_sha256: str = ""
    year: int | None = None
    readings: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[tuple[str, str], ...] = ()
    seen_run: int | None = None
    seen_head: str | None = None
    target: int | None = None
    applicant: str | None = None
    clause: str | None = None
    reason: str = ""


def compact(value: Any) -> str:  # noqa: ANN401  # any JSON value
    """JSON without spaces, its keys in order: one text for one value."""
    return _ENCODE(value)


def digest_of(*values: Any) -> str:  # noqa: ANN401  # any JSON values
    """One hash over some values."""
    return hashlib.sha256(compact(values).encode()).hexdigest()
