"""Facts, figures and conditions of a policy in the words of documents: 不低于, 超过, 且, 或; in full in English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.derivations import NthYear, PlaceOf
from anqing_subsidy.policy.figures import shifted, written
from anqing_subsidy.policy.terms import (
    AnyOf,
    Compare,
    Condition,
    Conditions,
    Holds,
    IsGiven,
    IsOneOf,
    Never,
    Ref,
    Shifted,
)

if TYPE_CHECKING:
    from anqing_subsidy.finding import Lang
    from anqing_subsidy.policy.clauses import Keyed
    from anqing_subsidy.policy.model import Policy
    from anqing_subsidy.policy.terms import FactType

_OPS: Final = {
    "==": Text("为", "is"),
    "!=": Text("不是", "is not"),
    ">=": Text("不低于", "at least"),
    "<=": Text("不超过", "at most"),
    ">": Text("超过", "above"),
    "<": Text("低于", "below"),
}
_COUNT_OPS: Final = {**_OPS, ">=": Text("不少于", "at least"), "<": Text("少于", "below"), ">": Text("多于", "above")}
_DATE_OPS: Final = {
    **_OPS,
    ">=": Text("不早于", "on or after"),
    "<=": Text("不晚于", "on or before"),
    ">": Text("晚于", "after"),
    "<": Text("早于", "before"),
}
_UP, _DOWN = (">", ">="), ("<", "<=")
_WHETHER: Final = "是否"


class Line(NamedTuple):
    """A line of a description and how deep it stands."""

    depth: int
    text: str


def deeper(lines: Iterable[Line], by: int = 1) -> list[Line]:
    """The same lines further in."""
    return [Line(line.depth + by, line.text) for line in lines]


def block(lines: Iterable[Line], words: Phrases) -> str:
    """Lines as one text: side by side, or below each other where one stands deeper."""
    told = list(lines)
    if any(line.depth for line in told):
        return "\n".join(f"{'  ' * line.depth}{line.text}" for line in told)
    return words.say("；", "; ").join(line.text for line in told)


class Phrases:
    """How one language says what a policy says."""

    def __init__(self, policy: Policy, lang: Lang) -> None:
        self.policy = policy
        self.lang: Lang = lang
        self._known: dict[str, set[str]] = {}

    def say(self, zh: str, en: str) -> str:
        """One of two wordings."""
        return zh if self.lang == "zh" else en

    def listed(self, parts: Iterable[str]) -> str:
        """A list of names."""
        return self.say("、", ", ").join(parts)

    def either(self, parts: Sequence[str]) -> str:
        """A list of which one holds."""
        *most, last = parts
        return f"{self.listed(most)}{self.say('或', ' or ')}{last}" if most else last

    # ---- facts and figures ---------------------------------------------------------------------------------------
    def label(self, ref: Ref, seen_from: str | None = None) -> str:
        """What people call a fact; with its sheet where one nearer to where it is seen from has the same name."""
        label = self.policy.label(ref).say(self.lang)
        if seen_from is not None and any(label in self._labels(table) for table in self._below(ref.table, seen_from)):
            return self.say(f"{self.sheet(ref.table)}的{label}", f"{label} of the {self.sheet(ref.table)}")
        return label

    def _below(self, table: str, seen_from: str) -> Iterator[str]:
        """The tables from where a fact is seen up to its own, that left out."""
        at: str | None = seen_from
        while at is not None and at != table:
            yield at
            at = self.policy.tables[at].parent

    def _labels(self, table: str) -> set[str]:
        """What the facts of a table are called."""
        if table not in self._known:
            refs = [Ref(table, name) for name in self.policy.tables[table].columns]
            refs += [ref for ref in self.policy.facts if ref.table == table]
            self._known[table] = {self.policy.label(ref).say(self.lang) for ref in refs}
        return self._known[table]

    def sheet(self, table: str) -> str:
        """What people call a table."""
        found = self.policy.tables[table]
        return self.say(found.sheet, found.en)

    def unit(self, ref: Ref) -> str:
        """The unit in which a fact is counted, where people name one."""
        return self.policy.unit(ref) or "" if self.lang == "zh" else ""

    def statement(self, ref: Ref) -> str:
        """A yes/no fact as a statement: 当年是否正常经营 -> 当年正常经营."""
        return self.label(ref).replace(_WHETHER, "", 1)

    def value(self, value: Any, kind: FactType, ref: Ref | None = None) -> str:  # noqa: ANN401  # any value
        """A value as a document writes it; values of a list by their first word."""
        if isinstance(value, str) and ref is not None:
            words = self.policy.words(ref).get(value)
            return words[0] if words and self.lang == "zh" else value
        unit = self.policy.measured_in(ref) if ref is not None and kind == "area" else None
        text = written(value, kind, unit).say(self.lang)
        return text + self.unit(ref) if ref is not None and kind == "count" and isinstance(value, int) else text

    def money(self, fen: int) -> str:
        """A sum of money."""
        return written(fen, "money").say(self.lang)

    # ---- conditions ----------------------------------------------------------------------------------------------
    def sentence(self, conditions: Conditions, seen_from: str | None = None) -> str:
        """Conditions in one sentence."""
        if len(conditions) == 1 and isinstance(conditions[0], AnyOf):
            return self._either_way(conditions[0], seen_from)
        return self.say("，且", ", and ").join(self._parts(conditions, seen_from))

    def _either_way(self, condition: AnyOf, seen_from: str | None) -> str:
        joined = [self.sentence(branch, seen_from) for branch in condition.branches]
        return self.say("；或", "; or ").join(joined)

    def lines(self, conditions: Conditions, seen_from: str | None = None) -> list[Line]:
        """Conditions one below the other; of an `any` each branch below it."""
        found: list[Line] = []
        plain: list[Condition] = []
        for condition in conditions:
            if isinstance(condition, AnyOf):
                found += [Line(0, text) for text in self._parts(tuple(plain), seen_from)]
                plain = []
                found.append(Line(0, self.say("符合下列之一：", "one of these:")))
                found += [
                    Line(1, f"({number}) {self.sentence(branch, seen_from)}")
                    for number, branch in enumerate(condition.branches, start=1)
                ]
            else:
                plain.append(condition)
        return found + [Line(0, text) for text in self._parts(tuple(plain), seen_from)]

    def _parts(self, conditions: Conditions, seen_from: str | None) -> list[str]:
        """Each condition in words; the lower and the upper end of one figure are put together."""
        found: list[str] = []
        waiting = list(conditions)
        while waiting:
            condition = waiting.pop(0)
            rival = waiting[0] if waiting else None
            if (
                isinstance(condition, Compare)
                and isinstance(rival, Compare)
                and rival.ref == condition.ref
                and condition.op in _UP
                and rival.op in _DOWN
            ):
                waiting.pop(0)
                upper = self._compared(rival, seen_from)
                found.append(f"{self.condition(condition, seen_from)}{self.say('、', ' and ')}{upper}")
            else:
                found.append(self.condition(condition, seen_from))
        return found

    def condition(self, condition: Condition, seen_from: str | None = None) -> str:
        """One condition in words."""
        if isinstance(condition, AnyOf):
            return self.say("（", "(") + self._either_way(condition, seen_from) + self.say("）", ")")
        if isinstance(condition, Never):
            return self.say("（所用口径下不适用）", "(does not apply under the readings in force)")
        label = self.label(condition.ref, seen_from)
        if isinstance(condition, IsGiven):
            if condition.given:
                return self.say(f"填写了{label}", f"{label} is filled in")
            return self.say(f"没有填写{label}", f"{label} is left blank")
        if isinstance(condition, Holds):
            return self._holds(label, wanted=condition.wanted)
        if isinstance(condition, IsOneOf):
            kind = self.policy.type_of(condition.ref)
            words = [self.value(option, kind, condition.ref) for option in condition.options]
            return self.say(f"{label}为{self.either(words)}", f"{label} is {self.either(words)}")
        if isinstance(condition.value, bool):
            return self._holds(label, wanted=condition.value == (condition.op == "=="))
        return self.say(
            f"{label}{self._compared(condition, seen_from)}", f"{label} {self._compared(condition, seen_from)}"
        )

    def _holds(self, label: str, *, wanted: bool) -> str:
        said = label.replace(_WHETHER, "", 1)
        return said if wanted else self.say(f"并非“{said}”", f"not: {said}")

    def _compared(self, condition: Compare, seen_from: str | None) -> str:
        """Operator and value of a comparison."""
        kind = self.policy.type_of(condition.ref)
        ops = _DATE_OPS if kind in ("date", "year") else _COUNT_OPS if kind == "count" else _OPS
        return self.say("", " ").join((ops[condition.op].say(self.lang), self.operand(condition, kind, seen_from)))

    def operand(self, condition: Compare, kind: FactType, seen_from: str | None = None) -> str:
        """What a fact is compared with."""
        value = condition.value
        if isinstance(value, Ref):
            return self.label(value, seen_from)
        if isinstance(value, Shifted):
            return shifted(self.label(value.ref, seen_from), value).say(self.lang)
        return self.value(value, kind, condition.ref)

    # ---- amounts ---------------------------------------------------------------------------------------------------
    def amount(self, value: Any, kind: FactType | str = "money") -> str:  # noqa: ANN401  # a value: a sum, a rate, a fact, a choice
        """A sum, a rate or a factor; a fact; or a choice among those."""
        if isinstance(value, Ref):
            return self.label(value)
        if isinstance(value, int | Fraction | date):
            return written(value, kind).say(self.lang)
        return self._keyed(value, kind)

    def _keyed(self, choice: Keyed, kind: FactType | str) -> str:
        if self.policy.type_of(choice.by) == "yesno" and "true" in choice.cases:
            return self._yes_or_no(choice, kind)
        label, told = (
            self.label(choice.by),
            self._cases([(self.key(choice, key), choice.cases[key]) for key in choice.cases], choice.otherwise, kind),
        )
        return self.say(f"按{label}，{told}", f"by {label}: {told}")

    def _cases(self, cases: Sequence[tuple[str, Any]], otherwise: Any, kind: FactType | str) -> str:  # noqa: ANN401  # a value
        """What each key of a choice stands for: 5A：50万元；4A：30万元；其余：1倍."""
        rest = [(self.say("其余", "else"), otherwise)] if otherwise is not None else []
        parts = (f"{key}{self.say('：', ': ')}{self._inner(value, kind)}" for key, value in (*cases, *rest))
        return self.say("；", "; ").join(parts)

    def _yes_or_no(self, choice: Keyed, kind: FactType | str) -> str:
        """A choice by a yes/no fact: 甲：2%；其余：1%."""
        label, yes = self.statement(choice.by), choice.cases["true"]
        rest = choice.cases.get("false", choice.otherwise)
        if self.lang == "zh":
            return self._cases([(label, yes)], rest, kind) + ("" if rest is not None else "；其余：不奖")
        no = self._inner(rest, kind) if rest is not None else "nothing"
        return f"{self._inner(yes, kind)} where {label}, else {no}"

    def _inner(self, value: Any, kind: FactType | str) -> str:  # noqa: ANN401  # a value
        text = self.amount(value, kind)
        return text if isinstance(value, int | Fraction | Ref) else self.say(f"（{text}）", f"({text})")

    def _ordinal(self, ref: Ref) -> tuple[str, str]:
        """What stands before and behind a number: 第1名, 第1年, 1件."""
        fact = self.policy.facts.get(ref)
        if fact is not None and isinstance(fact.how, PlaceOf | NthYear):
            return "第", "名" if isinstance(fact.how, PlaceOf) else "年"
        return "", self.unit(ref)

    def key(self, choice: Keyed, key: str | None) -> str:
        """What a key of a choice stands for; None for all others."""
        if key is None:
            return self.say("其余", "else")
        if key in choice.spans:
            first, last = choice.spans[key]
            nth, unit = self._ordinal(choice.by)
            if last == first:
                return self.say(f"{nth}{first}{unit}", str(first))
            if last is None:
                return self.say(f"{nth}{first}{unit}{'起' if nth else '以上'}", f"{first} or more")
            return self.say(f"{nth}{first}至{last}{unit}", f"{first} to {last}")
        if self.policy.type_of(choice.by) == "yesno":
            return self.value(key == "true", "yesno")
        return self.value(key, self.policy.type_of(choice.by), choice.by)
