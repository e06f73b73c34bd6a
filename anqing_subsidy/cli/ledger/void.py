"""`ledger void`: payments recorded wrongly are taken back by counter-entries."""

from __future__ import annotations

from anqing_subsidy.cli.language import LANG
from anqing_subsidy.cli.ledger.common import (
    Applicant,
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


def void(
    run: Run,
    ledger: LedgerFile,
    reason: Reason,
    applicant: Applicant = None,
    clause: ClauseId = None,
    object_id: ObjectId = None,
    document: Document = "",
    who: Who = None,
    lang: Language = LANG,
    quiet: Quiet = False,
) -> None:
    """Void the payments of a run, or some of them."""
    language(lang)
    why, sign = reasoned(reason), signed(who, document)
    from anqing_subsidy.ledger.store import writing
    from anqing_subsidy.ledger.take_back import Which
    from anqing_subsidy.ledger.take_back import void as voided

    path = known_place(ledger)
    with writing(path) as book:
        done = voided(book, Which(run, applicant, clause, object_id), why, sign)
    taken_back(done, path, quiet=quiet, zh="冲销", en="voided")
