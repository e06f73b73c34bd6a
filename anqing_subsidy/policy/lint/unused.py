"""What a policy declares and never uses, under any of its readings: facts, funds, readings, enumerations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.fold import readings_of
from anqing_subsidy.policy.lint.remark import Remark, Subject
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.policy.reads import refs_behind
from anqing_subsidy.policy.terms import Ref
from anqing_subsidy.policy.yamltree import YamlMap

_DECLARE: tuple[str, ...] = ("tables", "facts", "readings")
"""The parts of a policy that declare and use nothing by themselves."""


def check_unused(subjects: Sequence[Subject], tree: YamlMap) -> Iterator[Remark]:
    """All that no choice of readings uses."""
    policies = [subject.policy for subject in subjects]
    doc = subjects[0].doc
    used = {ref for policy in policies for ref in _facts_used(policy)}
    for ref in policies[0].facts:
        if ref not in used:
            yield _unused(
                doc.at("facts", ref.table, ref.id), "UNUSED_FACT", Text(f"事实 {ref.id}", f"the fact `{ref.id}`"),
                Text("用到条件或金额里，或删去", "use it in a condition or an amount, or drop it"),
            )  # fmt: skip
    paying = {fund for policy in policies for fund in _funds_used(policy)}
    for fund in policies[0].funds:
        if fund not in paying:
            yield _unused(
                doc.at("funds", fund), "UNUSED_FUND", Text(f"资金 {fund}", f"the fund `{fund}`"),
                Text("写明由哪条使用，或删去", "say which clause it pays, or drop it"),
            )  # fmt: skip
    named = {name for key, part in tree.items() if key != "readings" for name in readings_of(part)}
    for name in policies[0].readings:
        if name not in named:
            yield _unused(
                doc.at("readings", name), "UNUSED_READING", Text(f"口径 {name}", f"the reading `{name}`"),
                Text(f"在条款里写 ${name}，或删去", f"write ${name} where it decides, or drop it"),
            )  # fmt: skip
    listed = {column.values for table in doc.tables.values() for column in table.columns.values()}
    for name in doc.enums:
        if name not in listed:
            yield _unused(
                doc.at("enums", name), "UNUSED_ENUM", Text(f"取值表 {name}", f"the list of values `{name}`"),
                Text("在某列写 values:，或删去", "name it under `values:` of a column, or drop it"),
            )  # fmt: skip


def _facts_used(policy: Policy) -> list[Ref]:
    """The facts that something looks at, also through other facts."""
    parts = [getattr(policy, entry.name) for entry in fields(policy) if entry.name not in _DECLARE]
    return refs_behind(tuple(parts), policy.facts)


def _funds_used(policy: Policy) -> set[str]:
    """The funds that a clause names in any way: its fund, the other one, those that share it."""
    return {fund for clause in policy.clauses.values() for fund in clause.fund.funds}


def _unused(line: int, code: str, what: Text, fix: Text) -> Remark:
    return Remark(line, "warning", code, Text(f"{what.zh} 没有用到", f"{what.en} is never used"), fix)
