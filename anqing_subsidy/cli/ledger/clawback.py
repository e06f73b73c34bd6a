"""`ledger clawback`: money that came back."""

from __future__ import annotations

from typing import Annotated

import typer

from anqing_subsidy.cli.language import LANG, say
from anqing_subsidy.cli.ledger.common import (
    ClauseId,
    Document,
    LedgerFile,
    ObjectId,
    Reason,
    Run,
    Who,
    known_place,
    reasoned,
    signed,
    taken_back,
)
from anqing_subsidy.cli.options import Language, Quiet
from anqing_subsidy.cli.work import language
from anqing_subsidy.finding import Text, UsageError


def clawback(
    run: Run,
    ledger: LedgerFile,
    applicant: Annotated[
        str,
        typer.Option("--applicant", metavar="CODE_OR_NAME", help=say("向哪一户追回。", "From whom it is recovered.")),
    ],
    reason: Reason,
    clause: ClauseId = None,
    object_id: ObjectId = None,
    amount: Annotated[
        str | None,
        typer.Option(
            "--amount", metavar="YUAN", help=say("追回多少元（默认全部）。", "How much, in yuan (default: all of it).")
        ),
    ] = None,
    free: Annotated[
        bool,
        typer.Option(
            "--free",
            help=say("同时恢复资格：一次性奖励可以重新兑现。", "The award may be paid again: its once-only is freed."),
        ),
    ] = False,  # a flag
    document: Document = "",
    who: Who = None,
    lang: Language = LANG,
    quiet: Quiet = False,
) -> None:
    """Record that money was recovered."""
    language(lang)
    why, sign = reasoned(reason), signed(who, document)
    from anqing_subsidy.ledger.store import writing
    from anqing_subsidy.ledger.take_back import Which
    from anqing_subsidy.ledger.take_back import clawback as recovered
    from anqing_subsidy.money import QuantityError, fen_of_yuan

    try:
        fen = fen_of_yuan(amount) if amount is not None else None
    except QuantityError as fault:
        raise UsageError(
            Text(
                f"--amount {amount} 不是金额，应写成 20000 或 20000.00",
                f"--amount {amount} is no amount; write 20000.00",
            )
        ) from fault
    path = known_place(ledger)
    with writing(path) as book:
        done = recovered(book, Which(run, applicant, clause, object_id), why, sign, amount=fen, frees=free)
    taken_back(done, path, quiet=quiet, zh="登记追回", en="the recovery was recorded")
