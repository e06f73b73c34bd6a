"""`ledger import`: awards and figures of years before the ledger, from spreadsheets."""

from __future__ import annotations

from anqing_subsidy.cli.language import LANG
from anqing_subsidy.cli.ledger.common import Document, LedgerFile, Who, known_place, signed, tell
from anqing_subsidy.cli.options import Inputs, Language, PasswordFile, PolicyFile, Quiet
from anqing_subsidy.cli.reading import check_inputs
from anqing_subsidy.cli.work import language


def importing(
    inputs: Inputs,
    ledger: LedgerFile,
    policy: PolicyFile = None,
    document: Document = "",
    who: Who = None,
    password_file: PasswordFile = None,
    lang: Language = LANG,
    quiet: Quiet = False,
) -> None:
    """Import awards paid and figures of earlier years."""
    language(lang)
    check_inputs(inputs, "csv")
    sign = signed(who, document, ", ".join(inputs))
    from anqing_subsidy import load_policy, read_tables
    from anqing_subsidy.cli.passwords import read_passwords
    from anqing_subsidy.ledger.imported import import_into, importable
    from anqing_subsidy.ledger.store import writing
    from anqing_subsidy.money import grouped

    path = known_place(ledger)
    rules = load_policy(policy)
    batch = importable(read_tables(inputs, rules, input_format="csv", passwords=read_passwords(password_file)), rules)
    with writing(path) as book:
        done = import_into(book, batch, sign)
    if quiet:
        return
    if done.before:
        tell(
            f"这些内容此前已导入（第 {done.run} 次登记），账本 {path} 未改动",
            f"imported before, as run {done.run}; {path} is unchanged",
        )
        return
    amount = grouped(sum(entry.amount for entry in batch.entries))
    tell(
        f"已导入，登记为第 {done.run} 次：{len(batch.entries)} 笔，{amount} 元，{len(batch.figures)} 个历年数据；账本 {path}",
        f"imported as run {done.run}: {len(batch.entries)} payments, {amount} yuan,"
        f" {len(batch.figures)} figures of earlier years; ledger {path}",
    )
