"""What people call the parts that changed, where a change names them by id: facts, funds, sheets and their columns."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from anqing_subsidy.policy.terms import Ref
from anqing_subsidy.report.edition.changes import KINDS, Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from anqing_subsidy.finding import Lang
    from anqing_subsidy.policy.model import Policy
    from anqing_subsidy.report.edition.changes import Sides


def with_names(found: Iterable[Change], sides: Sides) -> Iterator[Change]:
    """The same changes, each with the label of what it is about."""
    names: dict[str, dict[str, str]] = {}
    for policy in (sides.old, sides.new):
        for kind, labels in _labels(policy, sides.lang).items():
            names.setdefault(kind, {}).update(labels)
    for labels in names.values():
        times = Counter(labels.values())
        labels.update({id_: f"{label} [{id_}]" for id_, label in labels.items() if times[label] > 1})
    # the texts of a reading begin with its question
    names["reading"] = dict.fromkeys({**sides.old.readings, **sides.new.readings}, KINDS["reading"].say(sides.lang))
    for change in found:
        yield replace(change, called=_called(change.where, names.get(change.kind, {})))


def _called(where: str, labels: dict[str, str]) -> str:
    """The label of an id; of a part of it, with which part it is."""
    id_ = max((id_ for id_ in labels if f"{where}.".startswith(f"{id_}.")), key=len, default=None)
    return "" if id_ is None else " · ".join(filter(None, (labels[id_], where[len(id_) + 1 :])))


def _labels(policy: Policy, lang: Lang) -> dict[str, dict[str, str]]:
    """The labels of each kind of part, by the ids that changes name."""
    sheets = {id_: table.sheet if lang == "zh" else table.en for id_, table in policy.tables.items()}
    columns = {
        f"{id_}.{name}": f"{sheets[id_]} · {policy.label(Ref(id_, name)).say(lang)}"
        for id_, table in policy.tables.items()
        for name in table.columns
    }
    funds = {id_: title.say(lang) for id_, title in policy.funds.items()}
    facts = {f"{ref.table}.{ref.id}": policy.label(ref).say(lang) for ref in policy.facts}
    return {"fund": funds, "budget": dict(funds), "fact": facts, "sheet": {**sheets, **columns}}
