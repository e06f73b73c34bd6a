"""What an application form holds besides its tables: sheets of instructions and of options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from anqing_subsidy.tables import GUIDE, OPTIONS

if TYPE_CHECKING:
    from anqing_subsidy.intake.sheet import Sheet

_GUIDES: Final = frozenset((*GUIDE, *OPTIONS))


def is_guide(sheet: Sheet) -> bool:
    """Whether a sheet holds the instructions or the options of a form, and no data."""
    return sheet.name is not None and sheet.name.strip().casefold() in _GUIDES
