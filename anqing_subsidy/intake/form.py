"""What an application form holds besides what was filled in: sheets of instructions, rows of examples."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import polars as pl

from anqing_subsidy.intake.headers import SERIAL, fold_header
from anqing_subsidy.tables import EXAMPLE, GUIDE, OPTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anqing_subsidy.intake.sheet import Sheet

_GUIDES: Final = frozenset((*GUIDE, *OPTIONS))
_EXAMPLES: Final = (*EXAMPLE, "例", "示例行")


def is_guide(sheet: Sheet) -> bool:
    """Whether a sheet holds the instructions or the options of a form, and no data."""
    return sheet.name is not None and sheet.name.strip().casefold() in _GUIDES


def without_examples(sheet: Sheet) -> Sheet:
    """The sheet with its example rows blank: those whose running number, or first cell, says so."""
    examples = pl.repeat(value=False, n=len(sheet.rows), dtype=pl.Boolean, eager=True)
    for index, (text, series) in enumerate(zip(sheet.headers, sheet.columns, strict=True)):
        if series.dtype == pl.String and (index == 0 or fold_header(text) in SERIAL):
            words = series.str.normalize("NFKC").str.strip_chars().str.to_lowercase()
            examples = examples | words.is_in(_EXAMPLES).fill_null(value=False)
    if not examples.any():
        return sheet
    rows = frozenset(sheet.rows.filter(examples).to_list())
    return replace(
        sheet,
        columns=tuple(series.set(examples, None) if series.dtype != pl.Null else series for series in sheet.columns),
        faults=_outside(sheet.faults, rows),
        booleans=_outside(sheet.booleans, rows),
    )


def _outside(marks: Mapping[str, Mapping[int, str]], rows: frozenset[int]) -> dict[str, dict[int, str]]:
    return {letter: {row: shown for row, shown in found.items() if row not in rows} for letter, found in marks.items()}
