"""The policy that ships: every clause cites its article, every option loads, it is found wherever the package is."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
import yaml

import anqing_subsidy
from anqing_subsidy.finding import UsageError
from anqing_subsidy.policy import default_policy_path, load_policy

DEFAULT: Final = load_policy()
ARTICLES: Final = {
    "c1": "（一）1",
    "c2_platform": "（一）2 第1款",
    "c2_gmv": "（一）2 第2款",
    "c2_invoiced": "（一）2 第2款",
    "c2_above": "（一）2 第2款末",
    "c3": "（一）3",
    "c4": "（一）4",
    "c5_new": "（二）5",
    "c5_existing": "（二）5",
    "c6": "（二）6",
    "c7": "（三）7",
    "c8": "（三）8",
    "c9_base": "（四）9",
    "c9_enterprise": "（四）9",
    "c10": "（四）10",
}
OTHERS: Final = [
    (reading.id, option)
    for reading in DEFAULT.readings.values()
    for option in reading.options
    if option != reading.default
]


def test_every_clause_cites_its_article() -> None:
    assert {clause.id: clause.article for clause in DEFAULT.clauses.values()} == ARTICLES


@pytest.mark.parametrize("clause", ARTICLES)
def test_every_clause_stands_where_the_policy_says(clause: str) -> None:
    lines = default_policy_path().read_text(encoding="utf-8").splitlines()
    assert lines[DEFAULT.clauses[clause].line - 1] == f"- id: {clause}"


def test_the_policy_is_that_of_the_city_and_the_year() -> None:
    assert (DEFAULT.id, DEFAULT.year, list(DEFAULT.funds)) == ("anqing-2018", 2018, ["services", "foreign_trade"])
    assert len(DEFAULT.sha256) == 64


@pytest.mark.parametrize("table", DEFAULT.tables)
def test_every_sheet_and_header_is_known_by_one_name_only(table: str) -> None:
    columns = DEFAULT.tables[table].columns.values()
    headers = [column.header for column in columns]
    assert len(set(headers)) == len(headers)
    for column in columns:
        for alias in column.aliases:
            owners = [other.id for other in columns if alias == other.header or (alias in other.aliases)]
            assert owners == [column.id], alias


def test_no_two_tables_share_a_sheet() -> None:
    sheets = [table.sheet for table in DEFAULT.tables.values()]
    assert len(set(sheets)) == len(sheets)


def test_no_word_of_an_enumeration_means_two_values() -> None:
    tree = yaml.safe_load(default_policy_path().read_text(encoding="utf-8"))
    for name, values in [*tree["enums"].items(), ("yes_no", tree["yes_no"])]:
        words = [word for entry in values.values() for word in entry]
        assert len(set(words)) == len(words), name


# ---- readings --------------------------------------------------------------------------------------------------------------
def test_every_reading_has_its_first_option_in_force() -> None:
    tree = yaml.safe_load(default_policy_path().read_text(encoding="utf-8"))["readings"]
    # YAML reads the plain options true and false as booleans; the policy takes the words
    first = {
        name: str(next(iter(entry["options"]))).replace("True", "true").replace("False", "false")
        for name, entry in tree.items()
    }
    assert {reading.id: reading.value for reading in DEFAULT.readings.values()} == first


@pytest.mark.parametrize(("reading", "option"), OTHERS)
def test_every_option_loads_and_changes_what_the_policy_says(reading: str, option: str) -> None:
    policy = load_policy(settings={reading: option})
    assert {name for name, one in policy.readings.items() if one.value != one.default} == {reading}
    assert policy.readings[reading].value == option
    assert policy.sha256 == DEFAULT.sha256
    rules = ("rounding", "facts", "history", "support", "claimants", "groups", "clauses")
    assert any(getattr(policy, rule) != getattr(DEFAULT, rule) for rule in rules)


@pytest.mark.parametrize("reading", DEFAULT.readings)
def test_every_reading_is_named_by_some_clause_or_by_the_rounding(reading: str) -> None:
    behind = {name for clause in DEFAULT.clauses.values() for name in clause.readings}
    assert reading in behind | {"rounding"}


def test_all_readings_can_be_changed_together() -> None:
    policy = load_policy(settings=dict(OTHERS))
    assert {name: one.value for name, one in policy.readings.items()} == dict(OTHERS)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"c3_bas": "excess"}, r"there is no reading `c3_bas`; did you mean `c3_base`\?"),
        ({"zzz": "excess"}, "there is no reading `zzz`; known: breakthrough_op"),
        ({"c3_base": "exces"}, "reading `c3_base` has no option `exces`; options: whole, excess"),
        ({"c3_base": ""}, "options: whole, excess"),
        ({"": "excess"}, "there is no reading ``"),
        ({"breakthrough_op": "GT"}, "has no option `GT`; options: gt, ge"),
    ],
)
def test_a_setting_that_means_nothing_is_wrong_use(settings: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        load_policy(settings=settings)
    assert re.search("[一-鿿]", caught.value.message.zh)


# ---- where it is found -----------------------------------------------------------------------------------------------------
def test_the_policy_is_found_beside_the_package_in_a_checkout() -> None:
    assert default_policy_path() == Path(anqing_subsidy.__file__).resolve().parent.parent / "policy.yaml"


def test_the_policy_is_found_inside_the_package_where_it_is_installed(tmp_path: Path) -> None:
    package = Path(anqing_subsidy.__file__).parent
    shutil.copytree(package, tmp_path / "anqing_subsidy", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(default_policy_path(), tmp_path / "anqing_subsidy" / "policy.yaml")
    (tmp_path / "policy.yaml").write_text("policy: another", encoding="utf-8")
    code = "from anqing_subsidy.policy import *; print(default_policy_path()); print(load_policy().id)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.splitlines() == [str(tmp_path / "anqing_subsidy" / "policy.yaml"), "anqing-2018"]


def test_the_wheel_carries_the_policy_into_the_package() -> None:
    settings = (Path(anqing_subsidy.__file__).resolve().parent.parent / "pyproject.toml").read_text(encoding="utf-8")
    assert '"policy.yaml" = "anqing_subsidy/policy.yaml"' in settings
