"""`policy`: commands about a policy itself; one module a command."""

from __future__ import annotations

import typer

from anqing_subsidy.cli.language import say
from anqing_subsidy.cli.policy_diff import diff
from anqing_subsidy.cli.policy_lint import lint
from anqing_subsidy.cli.policy_schema import schema
from anqing_subsidy.cli.policy_show import show
from anqing_subsidy.cli.policy_test import run_cases

app = typer.Typer(
    name="policy",
    help=say("查看、检查、测试、比较政策文件。", "Show, check, test and compare policy files."),
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command(
    "show",
    help=say(
        "用文件的语言显示政策：各条的条件、奖补、上限、资金、口径，供与原文核对。",
        "Show a policy in words: conditions, awards, caps, funds and readings of each clause, to check against the document.",
    ),
)(show)
app.command(
    "lint",
    help=say(
        "查找写法合法而政策不对之处：档次颠倒、永远用不到的行、空档和重叠、互相矛盾的条件、没有用到的事实和资金……",
        "Find what is legal YAML and wrong policy: tiers out of order, rows never reached, gaps and overlaps, "
        "contradictions, facts and funds never used.",
    ),
)(lint)
app.command(
    "test",
    help=say(
        "运行政策旁边的案例（NAME.cases.yaml 或文件夹 NAME.cases），报告与应得结果的差异。",
        "Run the cases that lie beside a policy (NAME.cases.yaml, or a folder NAME.cases) and report what differs.",
    ),
)(run_cases)
app.command(
    "schema",
    help=say(
        "输出政策文件的 JSON Schema（draft 7），供编辑器补全和检查。",
        "Print the JSON Schema (draft 7) of policy files, by which editors complete and check them.",
    ),
)(schema)
app.command(
    "diff",
    help=say(
        "比较两版政策：门槛、比例、档次、上限、条件、条款、资金、口径的变化。以 0 退出为相同，1 为有变化，3 为读不了。",
        "What changed between two editions: thresholds, rates, tiers, caps, conditions, clauses, funds, readings. "
        "Exit status: 0 the same, 1 they differ, 3 one cannot be read.",
    ),
)(diff)
