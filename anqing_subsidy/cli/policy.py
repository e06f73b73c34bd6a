"""`policy`: commands about a policy itself; one module a command."""

from __future__ import annotations

import typer

from anqing_subsidy.cli.language import say
from anqing_subsidy.cli.policy_test import run_cases

app = typer.Typer(
    name="policy",
    help=say("查看、检查、测试、比较政策文件。", "Show, check, test and compare policy files."),
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command(
    "test",
    help=say(
        "运行政策旁边的案例（NAME.cases.yaml 或文件夹 NAME.cases），报告与应得结果的差异。",
        "Run the cases that lie beside a policy (NAME.cases.yaml, or a folder NAME.cases) and report what differs.",
    ),
)(run_cases)
