"""`ledger backup`: a copy that is whole, whatever goes on meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anqing_subsidy.cli.language import LANG, say
from anqing_subsidy.cli.ledger.common import LedgerFile, known_place, tell
from anqing_subsidy.cli.options import Language, Quiet
from anqing_subsidy.cli.work import language


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say("备份的文件名。", "The backup."))],
    ledger: LedgerFile,
    lang: Language = LANG,
    quiet: Quiet = False,
) -> None:
    """Back a ledger up into a new file."""
    language(lang)
    from anqing_subsidy.ledger.backup import back_up

    run = back_up(known_place(ledger), file)
    if not quiet:
        tell(f"已备份到 {file}（到第 {run} 次登记）", f"backed up to {file}, up to run {run}")
