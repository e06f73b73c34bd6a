"""`ledger record`: one run's payments, after approval."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anqing_subsidy.cli.language import LANG, say
from anqing_subsidy.cli.ledger.common import Document, LedgerFile, Who, known_place, signed, tell
from anqing_subsidy.cli.options import Language, PolicyFile, Quiet
from anqing_subsidy.cli.work import language


def record(
    result: Annotated[
        Path,
        typer.Argument(metavar="RESULT", help=say("run 写出的 .json 或 .xlsx。", "A .json or .xlsx written by `run`.")),
    ],
    ledger: LedgerFile,
    document: Document = "",
    who: Who = None,
    policy: PolicyFile = None,
    lang: Language = LANG,
    quiet: Quiet = False,
) -> None:
    """Record the payments of a result."""
    spoken = language(lang)
    sign = signed(who, document, result.name)
    from anqing_subsidy.ledger.record import record as recorded
    from anqing_subsidy.ledger.result import read_result
    from anqing_subsidy.ledger.store import writing
    from anqing_subsidy.ledger.unchanged import changed_since
    from anqing_subsidy.money import grouped
    from anqing_subsidy.policy import default_policy_path, load_policy

    path = known_place(ledger)
    taken = read_result(result)
    file, unseen = changed_since(taken, policy, default_policy_path())
    rules = load_policy(file, taken.readings)
    with writing(path) as book:
        done = recorded(book, taken, rules, sign)
    for remark in (*unseen, *done.remarks):
        typer.echo(remark.say(spoken), err=True)
    if quiet:
        return
    amount = grouped(sum(entry.amount for entry in taken.entries))
    if done.before:
        tell(
            f"{result} 此前已登记（第 {done.run} 次），账本 {path} 未改动",
            f"{result} was recorded before, as run {done.run}; {path} is unchanged",
        )
        return
    tell(
        f"已登记为第 {done.run} 次：{len(taken.entries)} 笔，{amount} 元，{taken.people} 户的年度数据；账本 {path}",
        f"recorded as run {done.run}: {len(taken.entries)} payments, {amount} yuan,"
        f" the figures of {taken.people} applicants; ledger {path}",
    )
