"""`policy schema`: it takes every sound policy, refuses what the reader refuses, and says what keys are for."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import jsonschema
import pytest

from anqing_subsidy.policy import default_policy_path
from anqing_subsidy.policy.build_awards import SHAPES
from anqing_subsidy.policy.build_facts import OPERATIONS
from anqing_subsidy.policy.faults import Faults
from anqing_subsidy.policy.json_schema import json_schema
from anqing_subsidy.policy.yamltree import read_tree

if TYPE_CHECKING:
    from tests.cli.conftest import Program

TEA: Final = Path(__file__).parent.parent / "second_policy" / "policy.yaml"


@cache
def validator() -> Any:  # noqa: ANN401  # jsonschema keeps its types to itself
    schema = json_schema()
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


def faults(text: str) -> list[str]:
    """What the schema says against a policy."""
    tree = read_tree(text.encode(), Faults())
    return [f"{'.'.join(map(str, fault.absolute_path))}: {fault.message}" for fault in validator().iter_errors(tree)]


@pytest.mark.parametrize("path", [default_policy_path(), TEA], ids=["the policy that ships", "the fictional policy"])
def test_a_sound_policy_fits_the_schema(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        ("  cap: 1万元", "  cup: 1万元", "clauses.1"),
        ("cap: 1万元", "cap: 1万元\n  cap_scope: yearly", "clauses.1.cap_scope"),
        ("award: {pay: 3元, per: counted_bushes}", "award: {pay: 3元, rate: 2%, per: counted_bushes}", "clauses.0.award"),
        ("award: {pay: 3元, per: counted_bushes}", "award: {per: counted_bushes}", "clauses.0.award"),
        ("award: {pay: 3元, per: counted_bushes}", "award: {pay: 3元, tiers: {1元: 2元}}", "clauses.0.award"),
        ("cost: {zh: 总价, en: whole cost, add: [stove_price, chimney_price]}", "cost: {zh: 总价, en: whole cost}", "facts.stoves.cost"),
        ("  article: 七\n", "", "clauses.6"),
        ("- id: t_stove", "- id: T-Stove", "clauses.6.id"),
        ("year: 2021", "year: 21", "year"),
        ("  effect: exclude", "  effect: excluded", "other_support.effect"),
        ("racks: {header: 萎凋架, en: racks, type: count", "racks: {header: 萎凋架, en: racks, type: numeral", "tables.farms.columns.racks.type"),
        ("when: [counted_bushes >= 100]", "when: [{all: [organic]}]", "clauses.0.when"),
        ("members: [t_sales, t_scale]", "members: [t_sales]", "groups.0.members"),
    ],
)  # fmt: skip
def test_what_the_reader_refuses_does_not_fit(before: str, after: str, where: str) -> None:
    text = TEA.read_text(encoding="utf-8")
    assert text.count(before) == 1
    found = faults(text.replace(before, after))
    assert [fault.split(":")[0] for fault in found] == [where], found


@pytest.mark.parametrize("value", ["$steps", "{by: $steps, highest: highest, cumulative: cumulative}"])
def test_a_reading_may_stand_for_a_word(value: str) -> None:
    text = TEA.read_text(encoding="utf-8").replace("jump: $steps", f"jump: {value}")
    assert faults(text) == []


def test_a_choice_by_a_reading_holds_what_the_key_takes() -> None:
    text = TEA.read_text(encoding="utf-8").replace("jump: $steps", "jump: {by: $steps, highest: upwards}")
    assert [fault.split(":")[0] for fault in faults(text)] == ["clauses.4.award.jump"]


def test_every_shape_and_every_operation_is_one_way_of_exactly_one() -> None:
    definitions = json_schema()["definitions"]
    for name, known in (("Award", SHAPES), ("Fact", OPERATIONS)):
        assert [way["required"] for way in definitions[name]["oneOf"]] == [[key] for key in known]


def test_every_definition_says_what_it_is() -> None:
    definitions = json_schema()["definitions"]
    silent = [name for name, made in definitions.items() if not made.get("description")]
    assert silent == ["reading", "choice"]  # an editor would show their words instead of those of the key
    assert definitions["Clause"]["required"] == ["id", "article", "title", "award"]


def test_a_clause_names_its_fund_unless_all_clauses_may() -> None:
    text = TEA.read_text(encoding="utf-8").replace(
        "per: counted_bushes}\n  cap: 2000元\n  fund: leaf\n", "per: counted_bushes}\n"
    )
    assert [fault.split(":")[0] for fault in faults(text)] == ["clauses.0"]
    assert faults(text + "\nevery_clause: {fund: leaf}\n") == []


@pytest.mark.parametrize("name", ["Award", "Clause", "Fact", "Fund", "Group", "Once", "Column", "Check"])
def test_an_editor_says_of_each_key_what_it_is_for(name: str) -> None:
    labels = {"zh", "en", "id"}
    keys = json_schema()["definitions"][name]["properties"]
    assert [key for key, made in keys.items() if key not in labels and not made.get("description")] == []


def test_a_column_may_be_a_number() -> None:
    kinds = json_schema()["definitions"]["Column"]["properties"]["type"]
    assert {"area", "number"} <= set(str(kinds).replace("'", " ").split())


def test_the_command_prints_the_schema_or_writes_it(program: Program) -> None:
    printed = program("policy", "schema")
    assert json.loads(printed.out) == json_schema()
    assert program("policy", "schema", "-o", "policy.schema.json", "-q").status == 0
    assert (program.folder / "policy.schema.json").read_text(encoding="utf-8") == printed.out
    assert program("policy", "schema", "-o", "policy.schema.yaml").status == 2
