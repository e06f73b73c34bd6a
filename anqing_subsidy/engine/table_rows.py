"""The rows of a table as the engine sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from anqing_subsidy.policy.columns import Table
from anqing_subsidy.policy.model import Policy

ORIGIN: Final = ("_part", "_row")
"""Where a row stands: the part of the input, and the row in it."""
ODD: Final = ("conflict", "rivals", "beaten")
"""The marks of rows that something is odd about."""


@dataclass(frozen=True)
class TableRows:
    """The rows of one table: the frame, the row of each ancestor, and what is odd about a row.

    `beaten` rows stay so that their applicant is told: somebody else's row of the same object counts. Of rows in
    `conflict`, those in `rivals` contradict each other in nothing but whose the object is.
    """

    table: Table
    frame: pl.DataFrame
    up: Mapping[str, pl.Series] = field(default_factory=dict)
    conflict: pl.Series | None = None
    rivals: pl.Series | None = None
    beaten: pl.Series | None = None
    declared: pl.Series | None = None

    @property
    def height(self) -> int:
        """How many rows there are."""
        return self.frame.height


def links(policy: Policy, table: Table) -> list[str]:
    """The columns by which the rows of a table name their parent."""
    if table.parent is None:
        return []
    return [key for key in policy.tables[table.parent].key if key in table.columns]
