"""The sheets of a policy: tables, their columns, and what their values may be typed as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

ColumnType = Literal["uscc", "text", "enum", "yesno", "date", "year", "money", "usd", "count", "area", "ratio"]


SQUARE_METRES: Final = ("㎡", "m²", "m2", "平方米")
"""The unit of an area where the policy names none, as it is shown and as else it may be written."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: header and English label, type, unit, the words its values may be typed as.

    `range` holds the least and the greatest value of a column of ratios. Applicants that share a value of a column
    that `relates` may be one hand; a value that is `named_by` another column has one name wherever it stands.
    """

    id: str
    header: str
    en: str
    type: ColumnType
    unit: str | None = None
    aliases: tuple[str, ...] = ()
    required: bool = False
    values: Mapping[str, tuple[str, ...]] | None = None
    open_values: bool = False
    doc: str = ""
    range: tuple[Fraction, Fraction] | None = None
    relates: bool = False
    named_by: str | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """What people call the column: its header and its English label, other headers."""
        return (self.header, self.en, *self.aliases)


@dataclass(frozen=True, slots=True)
class UnitSuspect:
    """Figures that are all below `below` smallest units, at least `at_least` of them: typed in 万元?

    `ratio`: a figure so many times the row's median, or so small a part of it, is suspect too.
    """

    columns: tuple[str, ...]
    below: int
    at_least: int
    ratio: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: what makes its rows distinct, whose child it is, which column names the object of a line."""

    id: str
    sheet: str
    en: str
    key: tuple[str, ...]
    parent: str | None
    object: str | None
    columns: Mapping[str, Column]
    doc: str = ""
    orphans: Literal["error", "warning"] = "error"
    unit_suspect: UnitSuspect | None = None
    distinct: tuple[str, ...] = ()

    @property
    def names_objects(self) -> bool:
        """Whether each row names its object; where it may leave it blank, that stands for the applicant itself."""
        return self.object is not None and self.columns[self.object].required
