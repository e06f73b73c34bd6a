"""Keys that say nothing, or not what they seem to say: warnings that cannot come, a file that is not there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.lint.remark import Remark, Subject
from anqing_subsidy.policy.reads import claimed_by


def check_unclaimed(subject: Subject) -> Iterator[Remark]:
    """`unclaimed_beside` where no yes/no fact and no word is asked for that could be blank."""
    for clause, doc in subject.clauses():
        if clause.unclaimed_beside and not any(claimed_by(clause)):
            yield Remark(
                doc.at("unclaimed_beside"),
                "warning",
                "USELESS_UNCLAIMED",
                Text(
                    f"条款 {clause.id} 的 unclaimed_beside 不起作用：claimed 里没有可留空的是否列或取值列",
                    f"`unclaimed_beside` of `{clause.id}` never warns: `claimed` asks for no yes/no fact or word that could be blank",
                ),
                Text(
                    "claimed 写一个是否列或取值列，或删去 unclaimed_beside",
                    "ask for a yes/no column or a word in `claimed`, or drop it",
                ),
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
