"""`ledger`: the awards paid, one file a command."""

from __future__ import annotations

import typer

from anqing_subsidy.cli.language import say
from anqing_subsidy.cli.ledger.backup import backup
from anqing_subsidy.cli.ledger.clawback import clawback
from anqing_subsidy.cli.ledger.export import export
from anqing_subsidy.cli.ledger.importing import importing
from anqing_subsidy.cli.ledger.init import init
from anqing_subsidy.cli.ledger.listing import listing
from anqing_subsidy.cli.ledger.record import record
from anqing_subsidy.cli.ledger.show import show
from anqing_subsidy.cli.ledger.verify import verify
from anqing_subsidy.cli.ledger.void import void

ledger = typer.Typer(
    name="ledger",
    help=say(
        "账本：记下历年已兑现的奖补，同一笔不会兑现两次。",
        "The ledger of awards paid, so that nothing is paid twice.",
    ),
    no_args_is_help=True,
    rich_markup_mode=None,
)
for name, command, zh, en in (
    ("init", init, "建立一个空账本。", "Make an empty ledger."),
    ("record", record, "批准后登记一次计算的兑现结果。", "Record one run's payments after approval."),
    ("list", listing, "列出已兑现的款项。", "List the payments."),
    ("show", show, "一次登记的全部内容。", "Everything about one run of the ledger."),
    ("void", void, "冲销登记错的款项（红字分录，不删除）。", "Void payments by counter-entries; nothing is deleted."),
    ("clawback", clawback, "登记追回的款项。", "Record that money was recovered."),
    ("import", importing, "导入使用账本以前的历年兑现。", "Import awards of years before the ledger."),
    ("export", export, "导出为表格或 JSON。", "Export as a workbook, CSV or JSON."),
    ("backup", backup, "备份账本。", "Back the ledger up."),
    ("verify", verify, "核验账本。", "Verify the ledger."),
):
    ledger.command(name, help=say(zh, en))(command)

__all__ = ["ledger"]
