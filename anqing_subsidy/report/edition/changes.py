"""What changed between two editions, from their models: never from the text, so that no layout is a change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.terms import AnyOf, Compare, Condition, Conditions, IsOneOf, Ref
from anqing_subsidy.report.edition.phrases import Phrases

if TYPE_CHECKING:
    from anqing_subsidy.finding import Lang
    from anqing_subsidy.policy.clauses import Clause
    from anqing_subsidy.policy.model import Policy

KINDS: Final[Mapping[str, Text]] = {
    "edition": Text("版本", "edition"),
    "new_clause": Text("新增条款", "new clause"),
    "removed_clause": Text("删去条款", "removed clause"),
    "renamed_clause": Text("条款改名", "renamed clause"),
    "title": Text("标题", "title"),
    "threshold": Text("门槛", "threshold"),
    "condition": Text("条件", "condition"),
    "rate": Text("比例", "rate"),
    "amount": Text("金额", "amount"),
    "tier": Text("档次", "tier"),
    "row": Text("档", "row"),
    "award": Text("算法", "award"),
    "cap": Text("上限", "cap"),
    "once": Text("一次性", "once"),
    "rule": Text("规定", "rule"),
    "budget": Text("预算", "budget"),
    "fund": Text("资金", "fund"),
    "group": Text("条款之间", "between clauses"),
    "reading": Text("口径", "reading"),
    "fact": Text("指标", "fact"),
    "sheet": Text("表和列", "sheets"),
}


_YEAR: Final = "policy_year"
"""How a condition names the year of the policy."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change: of what kind, in which clause (by its id in the new edition, else the old), from what to what.

    `called` is what people call the part that `where` names by its id; empty where that is no id.
    """

    kind: str
    clause: str | None
    where: str
    before: str | None
    after: str | None
    called: str = ""


def plain(node: Any) -> Any:  # noqa: ANN401  # any part of a policy
    """What a part of a policy says: without the spelling of conditions and the lines of the file."""
    if isinstance(node, Ref):
        return node
    if isinstance(node, Compare) and _YEAR in node.text:
        # that the year is another is told once, not at every condition that names it
        return ("Compare", node.ref, node.op, node.text)
    if isinstance(node, Compare) and node.op == "==" and isinstance(node.value, str):
        return ("IsOneOf", node.ref, (node.value,))
    if isinstance(node, IsOneOf):
        return ("IsOneOf", node.ref, tuple(sorted(node.options)))
    if isinstance(node, Compare) and isinstance(node.value, bool):
        return ("Holds", node.ref, node.value == (node.op == "=="))
    if is_dataclass(node) and not isinstance(node, type):
        kept = (entry.name for entry in fields(node) if entry.name not in ("text", "line", "readings"))
        return (type(node).__name__, *(plain(getattr(node, name)) for name in kept))
    if isinstance(node, Mapping):
        return tuple((key, plain(value)) for key, value in node.items())
    if isinstance(node, tuple):
        return tuple(plain(part) for part in node)
    return node


class Sides:
    """Both editions with their words."""

    def __init__(self, old: Policy, new: Policy, lang: Lang) -> None:
        self.old, self.new = old, new
        self.before, self.after = Phrases(old, lang), Phrases(new, lang)
        self.lang: Lang = lang
        self.say = self.after.say


def compared(
    kind: str,
    clause: str | None,
    where: str,
    before: tuple[Any, str | None],
    after: tuple[Any, str | None],
) -> Iterator[Change]:
    """A change where two parts say different things; each part with its words."""
    if plain(before[0]) == plain(after[0]):
        return
    texts = before[1], after[1]
    if texts[0] == texts[1]:
        # the other language says what is different
        texts = _both(before[0]) or texts[0], _both(after[0]) or texts[1]
    yield Change(kind, clause, where, texts[0] or None, texts[1] or None)


def _both(part: Any) -> str | None:  # noqa: ANN401  # any part of a policy
    """A label in both languages."""
    if isinstance(part, Text):
        return f"{part.zh} / {part.en}"
    return "; ".join(filter(None, map(_both, part))) if isinstance(part, tuple) else None


# ---- conditions ------------------------------------------------------------------------------------------------------
def conditions(
    old: Conditions,
    new: Conditions,
    sides: Sides,
    clause: str | None,
    where: str,
    tables: tuple[str | None, str | None],
) -> Iterator[Change]:
    """Conditions that are new, gone, or ask for another figure."""
    gone = [condition for condition in old if plain(condition) not in {plain(other) for other in new}]
    come = [condition for condition in new if plain(condition) not in {plain(other) for other in old}]
    for condition in list(gone):
        partner = next((other for other in come if _same_question(condition, other)), None)
        if partner is None:
            continue
        gone.remove(condition)
        come.remove(partner)
        if isinstance(condition, AnyOf) and isinstance(partner, AnyOf):
            yield from _branches(condition, partner, sides, clause, where, tables)
        else:
            yield Change(
                "threshold",
                clause,
                where,
                _words(condition, sides.before, tables[0]),
                _words(partner, sides.after, tables[1]),
            )
    for condition in gone:
        yield Change("condition", clause, where, _words(condition, sides.before, tables[0]), None)
    for condition in come:
        yield Change("condition", clause, where, None, _words(condition, sides.after, tables[1]))


def _words(condition: Condition, words: Phrases, table: str | None) -> str:
    return words.condition(condition, table)


def _same_question(one: Condition, other: Condition) -> bool:
    """Whether two conditions ask the same of a fact and differ in a figure alone."""
    if isinstance(one, Compare) and isinstance(other, Compare):
        up = {">": 1, ">=": 1, "<": 2, "<=": 2}
        return one.ref == other.ref and up.get(one.op, one.op) == up.get(other.op, other.op)
    if isinstance(one, AnyOf) and isinstance(other, AnyOf):
        return bool(_refs(one) & _refs(other))
    return (
        type(one) is type(other)
        and getattr(one, "ref", one) == getattr(other, "ref", other)
        and not isinstance(one, AnyOf)
    )


def _refs(alternative: AnyOf) -> set[Ref]:
    return {
        ref for branch in alternative.branches for part in branch if isinstance(ref := getattr(part, "ref", None), Ref)
    }


def _branches(
    old: AnyOf, new: AnyOf, sides: Sides, clause: str | None, where: str, tables: tuple[str | None, str | None]
) -> Iterator[Change]:
    """Branches of an `any`: those that ask about the same facts are compared, others are new or gone."""
    said = {plain(branch) for branch in old.branches} & {plain(branch) for branch in new.branches}
    gone = [branch for branch in old.branches if plain(branch) not in said]
    come = [branch for branch in new.branches if plain(branch) not in said]
    among = sides.say(f"{where}（其一）", f"{where} (one of)")
    for branch in list(gone):
        partner = next((other for other in come if _about(other) == _about(branch)), None)
        if partner is not None:
            gone.remove(branch)
            come.remove(partner)
            yield from conditions(branch, partner, sides, clause, among, tables)
    for branch in gone:
        yield Change("condition", clause, among, sides.before.sentence(branch, tables[0]), None)
    for branch in come:
        yield Change("condition", clause, among, None, sides.after.sentence(branch, tables[1]))


def _about(branch: Conditions) -> tuple[Any, ...]:
    return tuple(sorted((ref.table, ref.id) for part in branch if isinstance(ref := getattr(part, "ref", None), Ref)))


# ---- which clause is which -------------------------------------------------------------------------------------------
def pairs(old: Policy, new: Policy) -> list[tuple[Clause | None, Clause | None]]:
    """The clauses of both editions side by side: by id, else by article and title, else by an article that has one."""
    left = dict(old.clauses)
    right = dict(new.clauses)
    same_id = [id_ for id_ in right if id_ in left]
    found: list[tuple[Clause | None, Clause | None]] = [(left.pop(id_), right.pop(id_)) for id_ in same_id]
    for same in (_article_and_title, _article):
        for id_ in list(right):
            clause = right[id_]
            fitting = [other for other in left.values() if same(other) == same(clause)]
            rivals = [other for other in right.values() if same(other) == same(clause)]
            if len(fitting) == 1 and len(rivals) == 1:
                found.append((left.pop(fitting[0].id), right.pop(id_)))
    order = {id_: at for at, id_ in enumerate(new.clauses)}
    found += [(None, clause) for clause in right.values()]
    found.sort(key=lambda pair: order[pair[1].id] if pair[1] is not None else len(order))
    return found + [(clause, None) for clause in left.values()]


def _article_and_title(clause: Clause) -> tuple[str, str]:
    return clause.article, clause.title.zh


def _article(clause: Clause) -> str:
    return clause.article


def renamed(old: Clause, new: Clause, names: Mapping[str, str]) -> Clause:
    """An old clause with the new ids of all clauses, so that a new name alone is no change of a rule."""

    def now(ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(names.get(id_, id_) for id_ in ids)

    once = tuple(replace(rule, clauses=now(rule.clauses)) for rule in old.once)
    award = _with_names(old.award, names)
    return replace(old, id=new.id, less_paid=now(old.less_paid), award=award, once=once)


def _with_names(node: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401  # an award or a part of one
    """An award whose tiers are shared with clauses under their new ids."""
    if is_dataclass(node) and not isinstance(node, type) and not isinstance(node, Ref):
        values = {entry.name: getattr(node, entry.name) for entry in fields(node)}
        changed = {
            name: tuple(names.get(id_, id_) for id_ in value) if name == "once_with" else _with_names(value, names)
            for name, value in values.items()
        }
        return replace(node, **{name: value for name, value in changed.items() if value is not values[name]})
    if isinstance(node, tuple):
        return tuple(_with_names(part, names) for part in node)
    return node
