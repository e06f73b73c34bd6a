"""An explanation as JSON: the applicant of the JSON result, with more to each line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from anqing_subsidy.money import plain

if TYPE_CHECKING:
    from anqing_subsidy.report.explain.model import Explanation, LineExplained, Turned

SCHEMA: Final = "anqing-subsidy/explain/1"


def record_of(explanation: Explanation, head: dict[str, Any]) -> dict[str, Any]:
    """The whole explanation; `head` is that of the JSON result (policy and inputs)."""
    lines = [_line(line) for line in explanation.lines]
    return {**head, "schema": SCHEMA, "applicant": {**explanation.person, "lines": lines}}


def _line(line: LineExplained) -> dict[str, Any]:
    return {
        **line.record,
        "steps": [{"step": label, "amount": plain(value)} for label, value in line.steps],
        "facts_used": [
            {"fact": fact.id, "label": fact.label, "value": fact.value, "cell": fact.cell or None, "from": fact.behind or None, "not_counted": list(fact.rows)}
            for fact in line.facts
        ],
        "checks": [
            {"text": check.text, "met": check.met, "short_by": check.short or None, "way": way, "close": check.close}
            for one in line.checks
            for check, way in one.flat()
        ],
        "rows": [{"row": row.name, "says": row.says, "counts": row.counts} for row in line.rows],
        "blocked_by": list(line.blocked_by),
        "other_readings": [_turned(turned) for turned in line.turned],
        "todo": line.todo or None,
    }  # fmt: skip


def _turned(turned: Turned) -> dict[str, Any]:
    others = [
        {"option": other.option, "says": other.says, "amount": plain(other.amount), "total": plain(other.total)}
        for other in turned.others
    ]
    return {"reading": turned.id, "title": turned.title, "option": turned.option, "says": turned.says, "others": others}
