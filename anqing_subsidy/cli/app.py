"""The program: its commands, and how every way of ending becomes an exit status.

0 clean; 1 done, with an error finding or a line that is invalid or held; 2 wrong use; 3 an input, the
policy, a ledger or an output is missing or cannot be read or written; 4 the ledger refused; 70 an internal
error; 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated, Final

import typer

from anqing_subsidy import __version__
from anqing_subsidy.cli.check import check
from anqing_subsidy.cli.compare import compare
from anqing_subsidy.cli.console import prepare_streams
from anqing_subsidy.cli.explain import explain
from anqing_subsidy.cli.language import LANG, say
from anqing_subsidy.cli.ledger import ledger
from anqing_subsidy.cli.missing import missing
from anqing_subsidy.cli.policy import app as policy
from anqing_subsidy.cli.run import run
from anqing_subsidy.cli.sweep import sweep
from anqing_subsidy.cli.template import template
from anqing_subsidy.finding import InputError, LedgerError, OutputError, SubsidyError, UsageError

app = typer.Typer(
    name="anqing-subsidy",
    help=say(
        "电商奖补计算：申报表 + 政策 YAML → 每户应兑现多少、依据哪条、出自哪项资金、还缺什么。",
        "Awards from application spreadsheets and a policy in YAML: how much, under which article, from which fund, what is missing.",
    ),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(
    "run",
    help=say(
        "计算奖补：打印每户明细，-o 写出结果文件。",
        "The main job: print each applicant's breakdown; -o writes the result.",
    ),
)(run)
app.command(
    "check",
    help=say(
        "只查错：计算时会发现的每处问题，写明文件、表、单元格和怎么办。",
        "Findings only: all that a run would find, each with file, sheet, cell and what to do.",
    ),
)(check)
app.command(
    "explain",
    help=say(
        "说明一户的每笔金额怎么得来、还缺什么、差多少；-o 写出审核意见表。",
        "How each amount of one applicant came about, what is missing, what is near; -o writes a decision sheet.",
    ),
)(explain)
app.command(
    "missing",
    help=say(
        "缺什么资料、该问谁、关系多少钱：钱多的在前。",
        "The facts that are missing, by the money that hangs on them: whom to ask first.",
    ),
)(missing)
app.command(
    "compare",
    help=say(
        "两种算法对比：换一项口径、换一份政策，或逐项改变每个口径；谁增谁减、合计增减。",
        "Two readings, two policies, or every reading once, on the same applicants: who gains, who loses, totals.",
    ),
)(compare)
app.command(
    "sweep",
    help=say(
        "一个数值从某值变到某值，合计怎么变：终端图、CSV、带图的工作簿。",
        "The cost curve of one parameter: bars in a terminal, CSV, a workbook with a chart.",
    ),
)(sweep)
app.command(
    "template",
    help=say(
        "按政策生成空白申报表：表、列、单位、下拉选项、填表说明。",
        "An empty application workbook made from the policy: sheets, units, drop-down lists, instructions.",
    ),
)(template)
app.add_typer(policy, name="policy")


app.add_typer(ledger, name="ledger")
_STATUS: Final = {UsageError: 2, InputError: 3, OutputError: 3, LedgerError: 4}


def _version(value: bool) -> None:  # typer hands a flag over by position
    if value:
        typer.echo(f"anqing-subsidy {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[  # noqa: ARG001  # its callback acts
        bool, typer.Option("--version", callback=_version, is_eager=True, help=say("显示版本。", "Show the version."))
    ] = False,
    lang: Annotated[
        str,
        typer.Option(
            "--lang",
            help=say("输出语言 zh 或 en（默认按系统）。", "Language of the output: zh or en (default: the locale)."),
        ),
    ] = LANG,
) -> None:
    """Options for every command."""
    check_lang(lang)


def check_lang(lang: str) -> None:
    """Refuse a language that is not spoken."""
    if lang not in ("zh", "en"):
        raise typer.BadParameter(say(f"--lang 只有 zh 和 en，没有 {lang}", f"--lang is zh or en, not {lang}"))


def main() -> None:
    """Run the program; end with an exit status, never with a traceback."""
    prepare_streams()
    try:
        app()
    except SubsidyError as fault:
        typer.echo(fault.message.say(LANG), err=True)
        sys.exit(next((status for kind, status in _STATUS.items() if isinstance(fault, kind)), 70))
    except KeyboardInterrupt:
        typer.echo(say("已中断，未写出结果。", "Interrupted; nothing was written."), err=True)
        sys.exit(130)
    except BrokenPipeError:
        # whoever read our output has gone: end quietly, and keep the interpreter from flushing into the void
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as fault:  # the edge of the program: what nobody foresaw becomes status 70
        if os.environ.get("SUBSIDY_DEBUG"):
            raise
        typer.echo(
            say(
                f"程序内部错误: {type(fault).__name__}: {fault}（设 SUBSIDY_DEBUG=1 重跑可见详情）",
                f"internal error: {type(fault).__name__}: {fault} (run again with SUBSIDY_DEBUG=1 for details)",
            ),
            err=True,
        )
        sys.exit(70)
