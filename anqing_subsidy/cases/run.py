"""Runs cases: each is assessed by itself and compared, line by line, with what is expected of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from anqing_subsidy.cases.form import NOT_CLAIMED, UNBOUNDED, Case, Expected, ExpectedLine
from anqing_subsidy.cases.rows import Given, given
from anqing_subsidy.engine import assess
from anqing_subsidy.finding import Text
from anqing_subsidy.money import grouped
from anqing_subsidy.report.detail import Describer

if TYPE_CHECKING:
    from collections.abc import Callable

    from anqing_subsidy.engine import Assessment
    from anqing_subsidy.finding import Lang
    from anqing_subsidy.policy.model import Policy

Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """What was expected and what came out; `aspect` says of what, `because` how it came about."""

    line: int
    applicant: str | None
    clause: str | None
    object: str | None
    aspect: str
    expected: str
    got: str
    because: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """A case and how it differs; a case without differences passes."""

    case: Case
    differences: tuple[Difference, ...]

    @property
    def passed(self) -> bool:
        """Whether all came out as expected."""
        return not self.differences


def run(case: Case, policy: Policy, lang: Lang) -> Result:
    """Assess one case and compare."""
    read = given(case, policy)
    assessment = assess(policy, read.tables)
    return Result(case, (*_findings(case, assessment, read, lang), *_Comparison(case, assessment, lang).differences()))


def run_all(cases: list[Case], policy_under: Callable[[Mapping[str, str]], Policy], lang: Lang) -> Iterator[Result]:
    """All cases in their order, each under its readings; a policy is loaded once for each choice of them."""
    loaded: dict[tuple[tuple[str, str], ...], Policy] = {}
    for case in cases:
        key = tuple(sorted(case.settings.items()))
        if key not in loaded:
            loaded[key] = policy_under(case.settings)
        yield run(case, loaded[key], lang)


def _findings(case: Case, assessment: Assessment, read: Given, lang: Lang) -> Iterator[Difference]:
    """Errors of the rows that the case does not expect, and those that it expects in vain.

    A slip in a value would else pass unseen wherever nothing is expected to be paid.
    """
    errors = [found for found in assessment.findings if found.severity == "error"]
    for found in errors:
        if found.code not in case.findings:
            line = read.line_of(found) or case.line
            yield Difference(line, None, None, None, "finding", "", found.code, found.message.say(lang))
    codes = {found.code for found in assessment.findings}
    for code in case.findings:
        if code not in codes:
            yield Difference(case.line, None, None, None, "finding", code, "")


class _Comparison:
    """What came out of one case beside what is expected."""

    def __init__(self, case: Case, assessment: Assessment, lang: Lang) -> None:
        self.case = case
        self.assessment = assessment
        self.lang: Lang = lang
        self.lines: dict[str, dict[str, list[int]]] = {}
        self.rows: list[Line] = list(assessment.lines.iter_rows(named=True))
        for at, line in enumerate(self.rows):
            self.lines.setdefault(line["code"], {}).setdefault(line["clause"], []).append(at)
        self._said: tuple[list[str], list[str]] | None = None

    def differences(self) -> Iterator[Difference]:
        """All differences, applicant by applicant."""
        people = {person["code"]: person for person in self.assessment.applicants.iter_rows(named=True)}
        for code, expected in self.case.expected.items():
            person = people.get(code)
            name = (person["name"] if person else None) or code
            lines = self.lines.get(code, {})
            for clause in self.assessment.policy.clauses:
                mine = lines.get(clause, [])
                if clause in expected.clauses:
                    yield from self._clause(name, clause, mine, expected.clauses[clause])
                else:
                    yield from self._nothing(name, clause, mine, expected)
            total = person["total"] if person else 0
            if expected.total is not None and expected.total != total:
                yield self._amount(expected.line, name, None, None, "total", expected.total, total, [])

    def _nothing(self, name: str, clause: str, lines: list[int], expected: Expected) -> Iterator[Difference]:
        """A clause that is not named pays nothing."""
        paid = sum(self.rows[at]["amount"] for at in lines)
        if paid:
            yield self._amount(expected.line, name, clause, None, "amount", 0, paid, lines)

    def _clause(
        self, name: str, clause: str, lines: list[int], wanted: tuple[ExpectedLine, ...]
    ) -> Iterator[Difference]:
        rest = set(lines)
        for entry in wanted:
            mine = [at for at in lines if entry.object in (None, self.rows[at]["object"])]
            rest -= set(mine)
            yield from self._line(name, clause, mine, entry)
        unnamed = [at for at in lines if at in rest and self.rows[at]["amount"]]
        for at in unnamed:
            row = self.rows[at]
            yield self._amount(wanted[0].line, name, clause, row["object"], "amount", 0, row["amount"], [at])

    def _line(self, name: str, clause: str, lines: list[int], wanted: ExpectedLine) -> Iterator[Difference]:
        where = (wanted.line, name, clause, wanted.object)
        paid = sum(self.rows[at]["amount"] for at in lines)
        if wanted.amount is not None and wanted.amount != paid:
            yield self._amount(*where, "amount", wanted.amount, paid, lines)
        if wanted.potential is not None:
            bounds = [self.rows[at]["potential"] for at in lines]
            got = UNBOUNDED if None in bounds else sum(bounds)
            if got != wanted.potential:
                yield self._amount(*where, "potential", wanted.potential, got, lines)
        for fund in self.assessment.policy.funds if wanted.funds is not None else ():
            borne, due = sum(self.rows[at][f"fund:{fund}"] for at in lines), (wanted.funds or {}).get(fund, 0)
            if borne != due:
                yield self._amount(*where, f"fund {fund}", due, borne, lines)
        for aspect, word in (("status", wanted.status), ("reason", wanted.reason)):
            found = sorted({self.rows[at][aspect] for at in lines}) or [NOT_CLAIMED]
            if word is not None and found != [word]:
                yield Difference(*where, aspect, word, ", ".join(found), self._because(lines))

    def _amount(
        self,
        line: int,
        name: str,
        clause: str | None,
        thing: str | None,
        aspect: str,
        expected: int | str,
        got: int | str,
        lines: list[int],
    ) -> Difference:
        wanted, shown = (value if isinstance(value, str) else grouped(value) for value in (expected, got))
        if not lines and clause is not None:
            shown = f"{shown} ({Text('未申报', 'not claimed').say(self.lang)})"
        return Difference(line, name, clause, thing, aspect, wanted, shown, self._because(lines))

    def _because(self, lines: list[int]) -> str:
        """Formula and reason of the lines, worked out for the first difference only."""
        if self._said is None:
            said = Describer(self.assessment, self.lang).describe(self.assessment.lines)
            self._said = said.formula.to_list(), said.reason_text.to_list()
        formulas, reasons = self._said
        parts = [part for at in lines for part in (formulas[at], reasons[at]) if part]
        return "; ".join(dict.fromkeys(parts))


def record(result: Result) -> dict[str, Any]:
    """A result for scripts."""
    return {
        "name": result.case.name,
        "file": result.case.file,
        "line": result.case.line,
        "passed": result.passed,
        "differences": [
            {
                "line": found.line,
                "applicant": found.applicant,
                "clause": found.clause,
                "object": found.object,
                "aspect": found.aspect,
                "expected": found.expected,
                "got": found.got,
                "because": found.because,
            }
            for found in result.differences
        ],
    }
