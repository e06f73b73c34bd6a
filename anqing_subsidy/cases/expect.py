"""What a case expects, as its author wrote it: a sum, a status or both, by clause, object and applicant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from anqing_subsidy.cases.form import NOT_CLAIMED, TOTAL, UNBOUNDED, Expected, ExpectedLine, GivenRow
from anqing_subsidy.engine.reasons import REASONS, STATUSES
from anqing_subsidy.money import QuantityError, parse_money
from anqing_subsidy.policy.faults import HOLE, Faults, nearest, unknown
from anqing_subsidy.policy.yamltree import YamlList, YamlMap
from anqing_subsidy.report.words import STATUS

if TYPE_CHECKING:
    from anqing_subsidy.policy.model import Policy

_KEYS: Final = ("amount", "status", "reason", "potential", "object", "funds")
_FINER: Final = re.compile(r"\d+\.\d{3,}\s*元")
_PAID: Final = ("eligible", "eligible_with_held")
_STATUSES: Final = (*STATUSES, NOT_CLAIMED)
_CALLED: Final = {text.zh: status for status, text in STATUS.items()} | {"待补": "pending", "未申报": NOT_CLAIMED}
"""What people call the states of a line."""


_SPAN: Final = re.compile(r"(\d{1,6})\.\.(\d{1,6})")


def _numbered(key: str) -> tuple[str, ...]:
    """The names of applicants that are numbered: `3..5` for 3, 4 and 5; else the key itself."""
    match = _SPAN.fullmatch(key)
    return tuple(map(str, range(int(match[1]), int(match[2]) + 1))) or (key,) if match else (key,)


class Expectations:
    """Reads the expectations of one case; every fault goes to `faults`."""

    def __init__(self, policy: Policy, faults: Faults) -> None:
        self.policy = policy
        self.faults = faults

    def of(self, tree: Any, line: int, applicants: Sequence[GivenRow]) -> dict[str, Expected]:  # noqa: ANN401  # a tree of plain values
        """What is expected, by the code of the applicant."""
        payee = self.policy.payee
        codes = {str(row.cells.get(payee.code)): str(row.cells.get(payee.code)) for row in applicants}
        names = {str(row.cells.get(payee.name)): str(row.cells.get(payee.code)) for row in applicants} | codes
        if tree is None or tree == HOLE:
            tree = YamlMap(line)
        if not isinstance(tree, YamlMap):
            self.faults.add(
                line,
                "expect 应为 {条款: 金额}；多户时为 {户名: {条款: 金额}}",
                "`expect` is `{clause: amount}`, or `{applicant: {clause: amount}}` where there are several",
            )
            return {}
        called = [str(row.cells.get(payee.name)) for row in applicants]
        twice = {name for name in called if called.count(name) > 1 and name not in codes}
        nothing = {code: Expected(line) for code in codes}
        if len(codes) == 1 and not (tree and all(word in names for key in tree for word in _numbered(key))):
            return {next(iter(codes)): self._applicant(tree, line)}
        said: set[str] = set()
        for key, value in tree.items():
            at = tree.lines[key]
            meant = _numbered(key) if key not in names else (key,)
            if any(word in said for word in meant):
                self.faults.add(
                    at, f"{key} 里有申报主体已写过应得", f"`{key}` names an applicant whose awards were said before"
                )
            said.update(meant)
            if any(unknown(word, names) for word in meant):
                hint = nearest(key, names)
                self.faults.add(
                    at,
                    f"没有申报主体 {key}{hint.zh}；有多户时先写户名",
                    f"there is no applicant `{key}`{hint.en}; where there are several, name the applicant first",
                )
            elif twice & set(meant):
                self.faults.add(
                    at, f"不止一户叫 {key}: 写编号", f"more than one applicant is called `{key}`: write the code"
                )
            elif not isinstance(value, YamlMap):
                self.faults.add(at, f"{key} 下应为 {{条款: 金额}}", f"`{key}` must hold `{{clause: amount}}`")
            else:
                for word in meant:
                    if word in names:
                        nothing[names[word]] = self._applicant(value, at)
        return nothing

    def _applicant(self, tree: YamlMap, line: int) -> Expected:
        clauses: dict[str, tuple[ExpectedLine, ...]] = {}
        total = None
        for key, value in tree.items():
            at = tree.lines[key]
            if key == TOTAL and key not in self.policy.clauses:
                total = self._money(value, key, at)
            elif unknown(key, self.policy.clauses):
                called = {id_: (one.article, one.title.zh) for id_, one in self.policy.clauses.items()}
                hint = nearest(key, (*self.policy.clauses, TOTAL), called)
                self.faults.add(at, f"没有条款 {key}{hint.zh}", f"there is no clause `{key}`{hint.en}")
            elif isinstance(value, YamlList):
                clauses[key] = tuple(self._line(each, key, spot) for each, spot in zip(value, value.lines, strict=True))
                objects = [entry.object for entry in clauses[key]]
                if not objects:
                    self.faults.add(
                        at, f"{key} 没有写应得多少：不付时写 0", f"`{key}` says nothing: write 0 for nothing"
                    )
                elif len(objects) > 1 and (None in objects or len(set(objects)) < len(objects)):
                    self.faults.add(
                        at,
                        f"{key} 有多项时，每项写明不同的 object",
                        f"`{key}` has several entries: each needs an `object` of its own",
                    )
            else:
                clauses[key] = (self._line(value, key, at),)
        return Expected(line, clauses, total)

    def _line(self, value: Any, clause: str, line: int) -> ExpectedLine:  # noqa: ANN401  # a tree of plain values
        """A sum, a status without one, or several of them by name."""
        if isinstance(value, str) and value in _STATUSES:
            if value in _PAID:
                self.faults.add(
                    line,
                    f"{clause} 写明金额，如 {{amount: 5万元, status: {value}}}",
                    f"`{clause}`: give the amount, as in `{{amount: 5万元, status: {value}}}`",
                )
            return ExpectedLine(line, amount=0, status=value)
        if not isinstance(value, YamlMap):
            return ExpectedLine(line, amount=self._money(value, clause, line))
        for key in value:
            if key not in _KEYS:
                hint = nearest(key, _KEYS)
                self.faults.add(value.lines[key], f"不认识的键 {key}{hint.zh}", f"unknown key `{key}`{hint.en}")
        found = {key: (value[key], value.lines[key]) for key in _KEYS if key in value}
        for key, known in (("status", _STATUSES), ("reason", REASONS)):
            word, at = found.get(key, (None, line))
            if word is not None and unknown(str(word), known):
                hint = nearest(str(word), known)
                self.faults.add(at, f"{key} 没有 {word}{hint.zh}", f"`{key}` has no `{word}`{hint.en}")
        sums: dict[str, int | None] = {}
        unbounded = found.get("potential", ("", line))[0] == UNBOUNDED
        for key in ("amount", "potential"):
            if key in found and not (key == "potential" and unbounded):
                sums[key] = self._money(found[key][0], key, found[key][1])
        words = {key: str(found[key][0]) for key in ("status", "reason", "object") if key in found}
        return ExpectedLine(
            line,
            object=words.get("object"),
            amount=sums.get("amount"),
            status=words.get("status"),
            reason=words.get("reason"),
            potential=UNBOUNDED if unbounded else sums.get("potential"),
            funds=self._funds(*found["funds"]) if "funds" in found else None,
        )

    def _funds(self, tree: Any, line: int) -> dict[str, int] | None:  # noqa: ANN401  # a tree of plain values
        """What each fund pays of a clause; a fund that is not named pays nothing."""
        if not isinstance(tree, YamlMap):
            self.faults.add(line, "funds 应为 {资金: 金额}", "`funds` is `{fund: amount}`")
            return None
        for fund in tree:
            if unknown(fund, self.policy.funds):
                hint = nearest(fund, self.policy.funds)
                self.faults.add(tree.lines[fund], f"没有资金 {fund}{hint.zh}", f"there is no fund `{fund}`{hint.en}")
        return {fund: self._money(value, fund, tree.lines[fund]) or 0 for fund, value in tree.items()}

    def _money(self, value: Any, what: str, line: int) -> int | None:  # noqa: ANN401  # a tree of plain values
        """A sum in fen; 0 needs no unit."""
        if value == 0 and type(value) is int:
            return 0
        if value == HOLE:
            return None
        meant = _CALLED.get(str(value))
        if meant is not None:
            self.faults.add(line, f"{what}: “{value}”写作 {meant}", f"`{what}`: {value} is written `{meant}`")
            return None
        try:
            return parse_money(str(value))
        except QuantityError as fault:
            if _FINER.fullmatch(str(value)):
                self.faults.add(
                    line,
                    f"{what} 的金额 {value} 精确到了厘，应付金额只到分：按政策的舍入写，如 45.26元",
                    f"`{what}`: {value} is finer than a fen, and what is paid is whole fen: round it as the policy does, as in 45.26元",
                )
                return None
            self.faults.add(
                line,
                f"{what} 的金额不对: {fault.zh}；没有写 0",
                f"`{what}`: {fault}; a sum is written as 5万元, nothing as 0",
            )
            return None
