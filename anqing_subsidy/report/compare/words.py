"""How comparisons name things: clauses, funds, counties, changes of amounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anqing_subsidy.money import grouped

if TYPE_CHECKING:
    from anqing_subsidy.engine.compared import Comparison
    from anqing_subsidy.finding import Lang
    from anqing_subsidy.policy.model import Policy


def signed(fen: int) -> str:
    """A change with its sign."""
    return f"+{grouped(fen)}" if fen > 0 else grouped(fen)


def clause_name(comparison: Comparison, clause: str, lang: Lang) -> str:
    """Article and title of a clause, of whichever policy has it."""
    rule = comparison.before.policy.clauses.get(clause) or comparison.after.policy.clauses.get(clause)
    return f"{rule.article} {rule.title.say(lang)}" if rule is not None else clause


def fund_name(comparison: Comparison, fund: str, lang: Lang) -> str:
    """The title of a fund, of whichever policy has it."""
    title = comparison.before.policy.funds.get(fund) or comparison.after.policy.funds.get(fund)
    return title.say(lang) if title is not None else fund


def side_name(policy: Policy, other: Policy, lang: Lang) -> str:
    """What tells a policy from another: its file, or the readings in which it differs."""
    if policy.sha256 != other.sha256 or policy.file != other.file:
        return f"{policy.file} ({policy.id})"
    differing = [
        reading
        for name, reading in policy.readings.items()
        if name in other.readings and other.readings[name].value != reading.value
    ]
    return ("；" if lang == "zh" else "; ").join(
        f"{reading.id}={reading.value}（{reading.says[reading.value].zh}）"
        if lang == "zh"
        else f"{reading.id}={reading.value} ({reading.says[reading.value].en})"
        for reading in differing
    ) or policy.file
