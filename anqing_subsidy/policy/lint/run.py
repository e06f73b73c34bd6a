"""Runs all checks under the default readings and with each option of each reading turned once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from anqing_subsidy.finding import PolicyError, Text
from anqing_subsidy.policy.lint.awards import check_awards
from anqing_subsidy.policy.lint.between import check_articles, check_funds, check_group_caps, check_groups
from anqing_subsidy.policy.lint.choices import check_choices
from anqing_subsidy.policy.lint.conditions import check_conditions
from anqing_subsidy.policy.lint.ladders import check_levels, check_operands, check_places, check_unit_prices
from anqing_subsidy.policy.lint.ranks import check_ranks
from anqing_subsidy.policy.lint.remark import Remark, Subject
from anqing_subsidy.policy.lint.totals import check_nothing, check_totals, check_whole
from anqing_subsidy.policy.lint.unused import check_unused
from anqing_subsidy.policy.lint.words import check_guide, check_unclaimed
from anqing_subsidy.policy.load import PolicySource

_CHECKS: Final[tuple[Callable[[Subject], Iterator[Remark]], ...]] = (
    check_articles,
    check_conditions,
    check_awards,
    check_choices,
    check_funds,
    check_groups,
    check_group_caps,
    check_ranks,
    check_places,
    check_unit_prices,
    check_levels,
    check_operands,
    check_totals,
    check_nothing,
    check_whole,
    check_unclaimed,
)


def lint(source: PolicySource, folder: Path | None = None) -> list[Remark]:
    """All findings of a policy, each once, in the order of their lines.

    Args:
        source: the policy.
        folder: where it stands, to see whether the files that it names are there; None: nobody asks.

    Raises:
        PolicyError: the file is no policy under its own readings.
    """
    subjects = [Subject(source.loaded({}))]
    found: dict[tuple[int, str, Text], Remark] = {}
    for remark in _of(subjects[0]):
        found.setdefault(_key(remark), remark)
    at_home = set(found)
    for name, options in source.options.items():
        for option in options[1:]:
            setting = f"{name}={option}"
            try:
                subject = Subject(source.loaded({name: option}))
            except PolicyError as fault:
                for each in fault.faults:
                    broken = Remark(each.line, "error", "BROKEN_READING", each.message, only_with=(setting,))
                    found.setdefault(_key(broken), broken)
                continue
            subjects.append(subject)
            for remark in _of(subject):
                key = _key(remark)
                before = found.get(key, remark)
                if key not in at_home:
                    found[key] = replace(before, only_with=(*before.only_with, *_new(before, setting)))
    if folder is not None:
        found.update({_key(remark): remark for remark in check_guide(subjects[0], folder)})
    for remark in check_unused(subjects, source.tree):
        found.setdefault(_key(remark), remark)
    return sorted(found.values(), key=lambda remark: (remark.line, remark.code, remark.message))


def _of(subject: Subject) -> Iterator[Remark]:
    for check in _CHECKS:
        yield from check(subject)


def _new(remark: Remark, setting: str) -> tuple[str, ...]:
    return () if setting in remark.only_with else (setting,)


def _key(remark: Remark) -> tuple[int, str, Text]:
    return remark.line, remark.code, remark.message
