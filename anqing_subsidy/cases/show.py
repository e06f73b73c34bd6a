"""Results of cases in a terminal: a line a case, what differs below it, a summary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from anqing_subsidy.finding import Lang, Text

if TYPE_CHECKING:
    from anqing_subsidy.cases.run import Difference, Result
    from anqing_subsidy.policy.model import Policy

_PASSED: Final = Text("通过", "pass")
_FAILED: Final = Text("不符", "FAIL")
_ASPECTS: Final = {
    "amount": Text("金额", "amount"),
    "total": Text("合计", "total"),
    "potential": Text("另有可能", "potential"),
    "status": Text("状态", "status"),
    "reason": Text("原因", "reason"),
    "finding": Text("数据问题", "finding"),
}


def lines(result: Result, policy: Policy, lang: Lang) -> Iterator[str]:
    """A case and, where it fails, each difference with how it came about."""
    if result.passed:
        yield f"{_PASSED.say(lang)}  {result.case.name}"
        return
    yield f"{_FAILED.say(lang)}  {result.case.name}  ({result.case.file}:{result.case.line})"
    for found in result.differences:
        yield f"      {_difference(found, policy, lang)}"
        if found.because:
            yield f"        {found.because}"


def _difference(found: Difference, policy: Policy, lang: Lang) -> str:
    clause = policy.clauses.get(found.clause or "")
    where = [found.applicant, f"{found.clause} {clause.article} {clause.title.say(lang)}" if clause else None]
    where += [f"[{found.object}]" if found.object else None, _aspect(found.aspect).say(lang)]
    head = " ".join(part for part in where if part)
    none = Text("无", "none").say(lang)
    wanted, got = found.expected or none, found.got or none
    told = f"应为 {wanted}，算得 {got}" if lang == "zh" else f"expected {wanted}, got {got}"
    return f"{found.line}: {head}：{told}" if lang == "zh" else f"{found.line}: {head}: {told}"


def summary(results: Iterable[Result], files: int, lang: Lang) -> str:
    """How many passed and failed."""
    done = list(results)
    failed = sum(not result.passed for result in done)
    if lang == "zh":
        return f"{len(done) - failed} 例通过，{failed} 例不符（{files} 个文件）"
    return f"{len(done) - failed} passed, {failed} failed, in {files} file(s)"


def _aspect(name: str) -> Text:
    """What differs; of a fund its id."""
    _, fund, id_ = name.partition("fund ")
    return Text(f"出自资金 {id_}", f"from fund {id_}") if fund else _ASPECTS[name]
