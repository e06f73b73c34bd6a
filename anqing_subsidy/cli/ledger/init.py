"""`ledger init`: an empty ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anqing_subsidy.cli.language import LANG, say
from anqing_subsidy.cli.ledger.common import known_place, tell
from anqing_subsidy.cli.options import Language, Quiet
from anqing_subsidy.cli.work import language


def init(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say("新账本的文件名。", "The new ledger."))],
    lang: Language = LANG,
    quiet: Quiet = False,
) -> None:
    """Make an empty ledger."""
    language(lang)
    from anqing_subsidy.ledger.store import create

    create(known_place(file))
    if not quiet:
        tell(f"已建立账本 {file}", f"made the ledger {file}")
