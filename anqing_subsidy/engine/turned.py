"""The same tables under other options of the readings: one reading of the files, the engine run for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from anqing_subsidy.engine.assess import assess

if TYPE_CHECKING:
    from anqing_subsidy.engine.assessment import Assessment
    from anqing_subsidy.policy.load import PolicySource
    from anqing_subsidy.policy.model import Policy
    from anqing_subsidy.tables import Tables

Option = tuple[str, str]
"""A reading and one of its options."""


def other_options(policy: Policy, readings: Iterable[str]) -> Iterator[Option]:
    """Every option of some readings that is not in force, in the policy's order."""
    wanted = set(readings)
    for reading in policy.readings.values():
        if reading.id in wanted:
            yield from ((reading.id, option) for option in reading.options if option != reading.value)


def turned(
    source: PolicySource, settings: Mapping[str, str], tables: Tables, options: Iterable[Option]
) -> Iterator[tuple[Option, Assessment]]:
    """What the tables come to with one reading turned at a time; the others stay as `settings` say.

    The readings decide what figures mean, never how a sheet is read, so that the tables serve all of them.
    """
    for name, option in options:
        yield (name, option), assess(source.under({**settings, name: option}), tables)
