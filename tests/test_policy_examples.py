"""The policies among the examples: their cases and the published results come out, and last year's sheets fit the next edition."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import polars as pl
import pytest

from anqing_subsidy.engine import Assessment, assess
from anqing_subsidy.intake import read_tables
from anqing_subsidy.money import parse_money
from anqing_subsidy.policy import Policy, load_policy
from anqing_subsidy.report.detail import Describer
from tests.documented import ROOT, tables_of, tree_of

FOLDER: Final = ROOT / "examples" / "policies"
NAMES: Final = ("anqing-2019", "honghe-2021", "qinglan-2024", "shashi-2022", "wudi")
_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@cache
def policy(name: str, settings: tuple[tuple[str, str], ...] = ()) -> Policy:
    return load_policy(FOLDER / f"{name}.yaml", dict(settings))


def cases(name: str) -> list[dict[str, Any]]:
    """The cases of a policy, each row with what the file says of all of its table."""
    content = tree_of((FOLDER / f"{name}.cases.yaml").read_text(encoding="utf-8"))
    for case in content["cases"]:
        given = {table: rows if isinstance(rows, list) else [rows] for table, rows in case["given"].items()}
        usual = content.get("defaults", {})
        case["given"] = {
            table: [{**usual.get(table, {}), **row} for row in rows for _ in range(row.pop("repeat", 1))]
            for table, rows in given.items()
        }
    return list(content["cases"])


def code(number: int) -> str:
    """A credit code with its check digit."""
    body = f"91000000MA{number:07d}"
    return body + _ALPHABET[-sum(_ALPHABET.index(sign) * pow(3, at, 31) for at, sign in enumerate(body)) % 31]


def assessed(name: str, case: dict[str, Any]) -> Assessment:
    rules, given = policy(name, tuple(case.get("set", {}).items())), case["given"]
    firms = given.setdefault(rules.main, [{}])
    for at, firm in enumerate(firms):
        firm.setdefault("uscc", code(at))
        firm.setdefault("name", str(at))
    for table, rows in given.items():
        for at, row in enumerate(rows if table != rules.main else ()):
            row.setdefault("uscc", firms[0]["uscc"])
            for key in rules.tables[table].key:
                if rules.tables[table].columns[key].required:
                    row.setdefault(key, str(at))
    words = {
        table: [
            {key: str(cell).lower() if cell in (True, False) else str(cell) for key, cell in row.items()}
            for row in rows
        ]
        for table, rows in given.items()
    }
    return assess(rules, tables_of(rules, words))


@pytest.mark.parametrize(
    ("name", "case"),
    [pytest.param(name, case, id=f"{name} {case['case']}") for name in NAMES for case in cases(name)],
)
def test_a_case_comes_out(name: str, case: dict[str, Any]) -> None:
    result = assessed(name, case)
    assert [found.message.en for found in result.findings if found.severity == "error"] == []
    names = dict(result.applicants.select("name", "code").iter_rows())
    several = all(key in names for key in case["expect"])
    for who, wanted in case["expect"].items() if several else [(next(iter(names)), case["expect"])]:
        mine = result.lines.filter(pl.col("code") == names[who])
        for clause in policy(name).clauses:
            lines = mine.filter(pl.col("clause") == clause)
            entry = wanted.get(clause, 0)
            for each in entry if isinstance(entry, list) else [entry]:
                check(lines, each if isinstance(each, dict) else {"amount": each})
        if "total" in wanted:
            assert mine["amount"].sum() == parse_money(wanted["total"])


def check(lines: pl.DataFrame, wanted: dict[str, Any]) -> None:
    """The lines of a clause, or of one object of it, against what is expected: a sum, a status, a reason."""
    if "object" in wanted:
        lines = lines.filter(pl.col("object") == wanted["object"])
    amount = str(wanted["amount"])
    status = wanted.get("status") or (amount if "元" not in amount and amount != "0" else None)
    assert lines["amount"].sum() == (parse_money(amount) if "元" in amount else 0)
    if status is not None:
        assert list(lines["status"].unique()) == ([] if status == "not_claimed" else [status])
    if "reason" in wanted:
        assert set(lines["reason"]) == {wanted["reason"]}


@pytest.mark.parametrize(("name", "paid"), [("honghe-2021", "39万元"), ("shashi-2022", "110万元")])
def test_the_published_result_comes_out(name: str, paid: str) -> None:
    published = next(case for case in cases(name) if case["case"].startswith("公示结果"))
    assert assessed(name, published).lines["amount"].sum() == parse_money(paid)


@pytest.mark.parametrize("example", ["simple.xlsx", "detailed.xlsx", "counties"])
def test_the_next_edition_of_anqing_computes_the_sheets_of_the_last(example: str) -> None:
    rules = policy("anqing-2019")
    result = assess(rules, read_tables([ROOT / "examples" / example], rules))
    assert result.applicants["total"].sum() > 0
    assert result.applicants["fund:foreign_trade"].sum() <= parse_money("60万元")


def test_a_line_that_only_a_joint_cap_cuts_says_to_what() -> None:
    case = next(case for case in cases("qinglan-2024") if "按冷库编号先后付" in case["case"])
    result = assessed("qinglan-2024", case)
    said = Describer(result, "en").describe(result.lines).reason_text.to_list()
    cap = "第一条, 第二条 together have a cap of 550,000.00 yuan, this line is cut from 70,000.00 to 50,000.00 yuan"
    assert said[1].startswith(f"conditions met; {cap}: ")


def test_every_change_of_the_next_edition_is_marked() -> None:
    def said(line: str) -> str:
        return line.split("#", maxsplit=1)[0].replace('"', "").rstrip()

    old = {said(line) for line in (ROOT / "policy.yaml").read_text(encoding="utf-8").splitlines()}
    marked = 99
    for line in (FOLDER / "anqing-2019.yaml").read_text(encoding="utf-8").splitlines():
        indent = len(line) - len(line.lstrip())
        if said(line) and indent <= marked:
            # what is inside a marked entry needs no mark of its own
            marked = indent if "# 2019:" in line else 99
        assert said(line) in old or indent > marked or "2019" in line or "虚构" in line, line
