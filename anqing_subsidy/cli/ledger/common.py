"""What the commands of the ledger share: their options, who signs, a word about where the file lies."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anqing_subsidy.cli.language import say
from anqing_subsidy.finding import NOTHING, OutputError, Text, UsageError, reason_of

if TYPE_CHECKING:
    from anqing_subsidy.ledger.drafts import Signed
    from anqing_subsidy.ledger.record import Recorded

LedgerFile = Annotated[Path, typer.Option("--ledger", metavar="FILE", help=say("账本文件。", "The ledger."))]
Who = Annotated[
    str | None,
    typer.Option(
        "--by", metavar="NAME", help=say("经办人（默认为登录名）。", "Who records (default: the login name).")
    ),
]
Document = Annotated[
    str, typer.Option("--document", metavar="NUMBER", help=say("文号。", "Number of the document that approves it."))
]
Run = Annotated[int, typer.Argument(metavar="RUN", help=say("第几次登记。", "Number of the run in the ledger."))]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help=say("理由。", "Why."))]
Applicant = Annotated[
    str | None,
    typer.Option("--applicant", metavar="CODE_OR_NAME", help=say("只限这一户。", "This applicant only.")),
]
ClauseId = Annotated[
    str | None, typer.Option("--clause", metavar="ID", help=say("只限这一条款。", "This clause only."))
]
ObjectId = Annotated[
    str | None, typer.Option("--object", metavar="ID", help=say("只限这一对象。", "This object only."))
]


def known_place(path: Path) -> Path:
    """The path of a ledger; one on a network file system is warned of."""
    from anqing_subsidy.ledger.files import network_kind

    kind = network_kind(path)
    if kind is not None:
        typer.echo(
            say(
                f"警告：账本 {path} 在网络文件系统 {kind} 上，那里的锁不可靠，两人同时写会损坏账本；请放在本机磁盘上",
                f"warning: the ledger {path} lies on a network file system ({kind}), where locks cannot be relied on;"
                " keep it on a disk of this machine",
            ),
            err=True,
        )
    return path


def signed(who: str | None, document: str, source: str = "") -> Signed:
    """Who records, on which document.

    Raises:
        UsageError: nobody is named and the machine does not know.
    """
    from anqing_subsidy.ledger.drafts import Signed

    if who is None:
        try:
            who = getpass.getuser()
        except (OSError, KeyError, ImportError) as fault:
            raise UsageError(Text("不知道经办人，请用 --by 写明", "say who records by --by")) from fault
    if not who.strip():
        raise UsageError(Text("--by 不能为空", "--by names nobody"))
    return Signed(who.strip(), document.strip(), source)


def reasoned(reason: str) -> str:
    """A reason that says something.

    Raises:
        UsageError: it does not.
    """
    if not reason.strip():
        raise UsageError(Text("--reason 不能为空，请写明理由", "--reason is empty; say why"))
    return reason.strip()


@contextmanager
def printing(done: Text = NOTHING) -> Iterator[None]:
    """Print to standard output; `done` is what was done all the same if it takes no more.

    Raises:
        OutputError: it takes no more; a reader that has gone is no fault.
    """
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as fault:
        reason = reason_of(fault)
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # the interpreter flushes it at its end
        raise OutputError(
            Text(f"{done.zh}标准输出写不下：{reason.zh}", f"{done.en}cannot write to standard output: {reason.en}")
        ) from fault


def tell(zh: str, en: str) -> None:
    """Say what was done: in the ledger it stands, whether it can be said or not."""
    with printing(Text("账本已处理完毕，但", "the ledger is done, but ")):
        typer.echo(say(zh, en))


def taken_back(done: Recorded, path: Path, *, quiet: bool, zh: str, en: str) -> None:
    """Say what was taken back, and in which run."""
    if quiet:
        return
    if done.before:
        tell(
            f"此前已{zh}（第 {done.run} 次登记），账本 {path} 未改动",
            f"{en} before, by run {done.run}; {path} is unchanged",
        )
        return
    tell(f"已{zh}，登记为第 {done.run} 次：{path}", f"{en}, recorded as run {done.run} of {path}")
