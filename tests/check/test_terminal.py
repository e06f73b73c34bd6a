"""The table of findings in a terminal: readable when it is narrow and when it is wide, with long Chinese names."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len
from rich.console import Console

from anqing_subsidy.engine import assess
from anqing_subsidy.finding import Finding, Place, Severity, Text
from anqing_subsidy.policy import load_policy
from anqing_subsidy.report.findings import Checked
from anqing_subsidy.report.findings_show import plain_lines, render
from tests.oracle.generate import good_code
from tests.support import frames

if TYPE_CHECKING:
    from collections.abc import Sequence

LONG = "岳西县来榜镇马元村高山有机茶叶种植加工电子商务农民专业合作社联合社"


def checked(findings: Sequence[Finding], *, notes: bool = False) -> Checked:
    policy = load_policy()
    tables = frames(policy, {"applicants": [{"uscc": good_code(1), "name": LONG}]})
    return Checked(replace(assess(policy, tables), findings=tuple(findings)), notes=notes)


def fault(row: int, column: str = "B", value: str = LONG, severity: Severity = "error") -> Finding:
    place = Place("rows.xlsx", "申报主体", row, column)
    return Finding(
        severity, "X", Text(f"“{value}”[有错]", "wrong"), place, value, Text("核对营业执照后更正", "correct it")
    )


@pytest.mark.parametrize("width", [80, 160])
def test_no_line_is_wider_than_the_terminal_and_nothing_is_cut(width: int) -> None:
    out = io.StringIO()
    render(checked([fault(2), fault(3, value="[red]乙")]), "zh", Console(file=out, width=width, force_terminal=False))
    lines = out.getvalue().splitlines()
    assert max(cell_len(line) for line in lines) <= width
    assert out.getvalue().count("…") == 1  # the value in the message that both share
    assert "[red" in out.getvalue()


def test_values_of_a_repeated_fault_are_listed_and_the_message_holds_for_all() -> None:
    text = "\n".join(plain_lines(checked([fault(row, value=f"值{row}") for row in range(2, 14)]), "zh"))
    assert text.count("[X]") == 1
    assert "“…”[有错]" in text
    assert "值2、值3" in text
    assert "等，共 12 格" in text


def test_different_columns_sheets_and_severities_are_not_put_together() -> None:
    found = [fault(2), fault(2, "C"), fault(2, "B", severity="warning")]
    assert len(checked(found).groups()) == 3


def test_notes_are_counted_and_listed_only_when_asked_for() -> None:
    found = [fault(2, severity="info")]
    assert checked(found).groups() == []
    assert "另有提示 1 处" in "\n".join(plain_lines(checked(found), "zh"))
    assert len(checked(found, notes=True).groups()) == 1


def test_the_order_is_gravity_then_row_then_column() -> None:
    found = [fault(3, "B"), fault(2, "AA"), fault(2, "C"), fault(2, "B", severity="warning")]
    cells = [f"{finding.place.column}{finding.place.row}" for finding in checked(found).findings if finding.place]
    assert cells == ["C2", "AA2", "B3", "B2"]


def test_the_applicant_of_a_row_is_named() -> None:
    assert checked([fault(2)]).people() == [(good_code(1), LONG)]
    assert checked([fault(99)]).people() == []


def test_entries_that_differ_in_figures_only_become_one_beyond_ten() -> None:
    def compared(row: int) -> Finding:
        message = Text(f"“人数”{row} 多于“总数”{row - 1}", "more")
        return Finding("warning", "X", message, Place("rows.xlsx", "申报主体", row, "B"), str(row))

    assert len(checked([compared(row) for row in range(2, 12)]).groups()) == 10
    (group,) = checked([compared(row) for row in range(2, 13)]).groups()
    assert group.message.zh == "“人数”… 多于“总数”…"
    assert len(group.findings) == 11
