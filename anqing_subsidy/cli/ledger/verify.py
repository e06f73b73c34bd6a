"""`ledger verify`: whether the ledger can be trusted."""

from __future__ import annotations

from anqing_subsidy.cli.language import LANG
from anqing_subsidy.cli.ledger.common import LedgerFile, known_place, tell
from anqing_subsidy.cli.options import Language, Quiet
from anqing_subsidy.cli.work import language


def verify(ledger: LedgerFile, lang: Language = LANG, quiet: Quiet = False) -> None:
    """Verify a ledger: file, chain of hashes, totals, balance of what was taken back."""
    language(lang)
    from anqing_subsidy.ledger.query import payments
    from anqing_subsidy.ledger.store import reading
    from anqing_subsidy.money import grouped

    with reading(known_place(ledger)) as book:
        paid = payments(book)
        run, entries, head = book.run, book.entries, book.head
    if quiet:
        return
    standing = paid.filter(~paid["voided"])
    amount = grouped(int(standing["amount"].sum()) - int(standing["recovered"].sum()))
    tell(
        f"账本 {ledger} 完好：{run} 次登记，{entries} 笔分录，净兑现 {amount} 元；链头 {head}",
        f"the ledger {ledger} is sound: {run} runs, {entries} entries, {amount} yuan paid net; head of the chain {head}",
    )
