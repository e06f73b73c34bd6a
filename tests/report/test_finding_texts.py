"""Findings are true in both languages, and say what to check before anything is done."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from anqing_subsidy.engine import assess
from anqing_subsidy.finding import Finding
from anqing_subsidy.policy import load_policy
from tests.oracle.common import BAD
from tests.oracle.generate import good_code
from tests.support import frames

Row = dict[str, Any]
WAN: Final = 1_000_000
CODE, OTHER = good_code(1), good_code(2)
FIRM: Final = {
    "uscc": CODE, "name": "甲", "entity_form": "company", "established_on": date(2016, 3, 1), "is_village_station": True,
    "full_coverage": True, "online_sales_yuan": 80 * WAN,
}  # fmt: skip


def found(tables: dict[str, list[Row]], code: str) -> Finding:
    """The only finding of a code."""
    policy = load_policy()
    one, *more = [finding for finding in assess(policy, frames(policy, tables)).findings if finding.code == code]
    assert not more
    return one


def test_the_columns_that_differ_have_english_names_in_the_english_text() -> None:
    message = found({"applicants": [FIRM, {**FIRM, "online_sales_yuan": 90 * WAN}]}, "DUP_APPLICANT_CONFLICT").message
    assert "(年网络销售额)" in message.zh
    assert "(online sales of the year)" in message.en


def test_an_award_paid_to_somebody_who_does_not_claim_still_counts_and_the_finding_says_so() -> None:
    entry = {"uscc": OTHER, "year": 2017, "clause": "c8", "object_id": "P1", "amount_yuan": WAN}
    finding = found({"applicants": [FIRM], "awards_paid": [entry]}, "ORPHAN")
    assert finding.message.zh == f"历年已兑现: 申报主体中没有 {OTHER}，此行不属于任何申报主体，但其对象仍按已兑现处理"
    assert finding.message.en.endswith("the row is no applicant's, and its object counts as paid all the same")
    assert finding.fix.zh.endswith("本年度未申报的无需处理")


def test_a_child_row_without_a_parent_is_left_out() -> None:
    member = {"uscc": OTHER, "member_uscc": good_code(3)}
    assert found({"applicants": [FIRM], "association_members": [member]}, "ORPHAN").message.zh.endswith("此行未计入")


def test_who_was_paid_too_much_is_asked_back_only_after_checking() -> None:
    entry = {"uscc": CODE, "year": 2018, "clause": "c3", "amount_yuan": 2 * WAN}
    fix = found({"applicants": [FIRM], "awards_paid": [entry]}, "OVERPAID").fix
    assert fix.zh == "先核对该行的年度、条款、对象和金额，再核对申报数据；都属实才追回多付部分"


def test_a_decided_amount_that_cannot_be_read_is_not_called_blank() -> None:
    decision = {
        "uscc": CODE, "clause": "c3", "decision": "set", "amount_yuan": BAD, "reason": "核实", "decided_by": "审核员",
    }  # fmt: skip
    message = found({"applicants": [FIRM], "decisions": [decision]}, "DECISION_UNCLEAR").message
    assert message.zh == "核定金额无法识别，未采用"


def test_a_decided_amount_that_is_blank_is_called_blank() -> None:
    decision = {"uscc": CODE, "clause": "c3", "decision": "set", "reason": "核实", "decided_by": "审核员"}
    message = found({"applicants": [FIRM], "decisions": [decision]}, "DECISION_UNCLEAR").message
    assert message.zh == "核定金额为空，未采用"
