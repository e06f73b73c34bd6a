"""Keys that say nothing, or not what they seem to say: warnings that cannot come, ids among words, a file that is not there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.lint.remark import Remark, Subject
from anqing_subsidy.policy.terms import Holds, Ref


def check_unclaimed(subject: Subject) -> Iterator[Remark]:
    """`unclaimed_beside` where no yes/no fact is asked for that could be blank."""
    for clause, doc in subject.clauses():
        if clause.unclaimed_beside and not any(isinstance(asked, Holds) for asked in clause.claimed):
            yield Remark(
                doc.at("unclaimed_beside"),
                "warning",
                "USELESS_UNCLAIMED",
                Text(
                    f"条款 {clause.id} 的 unclaimed_beside 不起作用：claimed 里没有可留空的是否列",
                    f"`unclaimed_beside` of `{clause.id}` never warns: `claimed` asks for no yes/no fact that could be blank",
                ),
                Text(
                    "claimed 写一个是否列，或删去 unclaimed_beside", "ask for a yes/no column in `claimed`, or drop it"
                ),
            )


def check_county(subject: Subject) -> Iterator[Remark]:
    """A county that is one of a list: results and lists of payments show its id."""
    policy = subject.policy
    county = policy.payee.county
    column = policy.column(Ref(policy.main, county)) if county is not None else None
    if column is not None and column.type == "enum":
        yield Remark(
            subject.doc.applicant.at("county"),
            "warning",
            "COUNTY_IDS",
            Text(
                f"县区列 {county} 是取值表：结果里显示的是 {next(iter(column.values or {}), '')} 这样的代号",
                f"the county `{county}` is one of a list: results show ids such as `{next(iter(column.values or {}), '')}`",
            ),
            Text("把这一列写成 type: text，或另用一列", "let the column be `type: text`, or name another"),
        )


def check_guide(subject: Subject, folder: Path) -> Iterator[Remark]:
    """A file of words for the form that does not stand beside the policy."""
    name = subject.policy.guide
    if name is not None and not (folder / name).is_file():
        yield Remark(
            subject.doc.at("guide"),
            "error",
            "GUIDE_MISSING",
            Text(f"没有填表说明文件 {name}", f"there is no file of words {name}"),
            Text("放到政策文件旁边，或删去 guide 一行", "put it beside the policy, or drop the key"),
        )
