"""The policies among the examples: each reads, lints clean, fits the schema, and its cases come out."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import jsonschema
import pytest

from anqing_subsidy.cases.load import beside, load_cases
from anqing_subsidy.cases.run import run_all
from anqing_subsidy.policy import load_policy
from anqing_subsidy.policy.faults import Faults
from anqing_subsidy.policy.json_schema import json_schema
from anqing_subsidy.policy.lint import lint
from anqing_subsidy.policy.load import open_policy
from anqing_subsidy.policy.yamltree import read_tree

FOLDER: Final = Path(__file__).parent.parent / "examples" / "policies"
POLICIES: Final = [
    pytest.param(path, id=path.stem) for path in sorted(FOLDER.glob("*.yaml")) if not path.name.endswith(".cases.yaml")
]


@pytest.mark.parametrize("path", POLICIES)
def test_every_case_of_a_policy_comes_out(path: Path) -> None:
    cases = [case for file in beside(path) for case in load_cases(load_policy(path), file)]
    results = list(run_all(cases, lambda settings: load_policy(path, settings), "en"))
    assert results
    assert [difference for result in results for difference in result.differences] == []


@pytest.mark.parametrize("path", POLICIES)
def test_a_policy_has_no_findings(path: Path) -> None:
    assert lint(open_policy(path)) == []


@pytest.mark.parametrize("path", POLICIES)
def test_a_policy_fits_the_schema(path: Path) -> None:
    tree = read_tree(path.read_bytes(), Faults())
    assert list(jsonschema.Draft7Validator(json_schema()).iter_errors(tree)) == []
