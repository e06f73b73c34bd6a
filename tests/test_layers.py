"""The rooms of the house: imports run one way, and Python knows neither this city nor its columns."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import Final

import pytest

import anqing_subsidy
from anqing_subsidy.policy import load_policy

ROOT: Final = Path(anqing_subsidy.__file__).parent
MODULES: Final = sorted(ROOT.rglob("*.py"))
ORDER: Final = (
    {"money", "finding", "tables"},
    {"policy"},
    {"intake", "engine"},
    {"ledger"},
    {"report"},
    {"cases"},  # run the whole calculation on rows written in YAML, and say how it came about
    {"cli"},
    {"__main__"},
)
LEVEL: Final = {room: level for level, rooms in enumerate(ORDER) for room in rooms}
LOADER: Final = {
    "load",
    "build",
    "build_clauses",
    "build_facts",
    "build_tables",
    "build_awards",
    "build_rules",
    "conditions",
    "fold",
    "reader",
    "names",
    "schema",
    "yamltree",
}
GENERIC: Final = {"object_id", "same_matter", "row_ref"}
"""Words of the contract and of the engine itself that policy.yaml also uses as columns."""


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).with_suffix("").as_posix()


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).with_suffix("").parts[0]


def imported(tree: ast.AST) -> set[tuple[str, ...]]:
    """The modules of the package that a module imports anywhere in it, as paths below the package."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        found |= {tuple(name.split(".")[1:]) for name in names if name.split(".")[0] == "anqing_subsidy"}
    return found


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def texts_of(tree: ast.AST) -> list[tuple[int, str]]:
    """The texts of a module that a program could act on, with their lines: all but the docstrings."""
    docs = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docs
    ]


@cache
def own_words() -> set[str]:
    """The ids that only this policy has: its clauses, readings, funds, and its columns of several words."""
    policy = load_policy()
    columns = {name for table in policy.tables.values() for name in table.columns if "_" in name}
    derived = {ref.id for ref in policy.facts if "_" in ref.id}
    funds = {name for name in policy.funds if "_" in name}
    return ({*policy.clauses} | columns | derived | funds) - GENERIC


PARSED: Final = [pytest.param(path, id=name_of(path)) for path in MODULES]


@pytest.mark.parametrize("path", PARSED)
def test_imports_run_one_way(path: Path) -> None:
    room = room_of(path)
    if room == "__init__":
        return
    assert room in LEVEL, f"a new room: say where {room} stands in the order"
    for target in imported(tree_of(path)):
        if target and target[0] in LEVEL and target[0] != room:
            assert LEVEL[target[0]] < LEVEL[room] or (LEVEL[room] == LEVEL[target[0]] == 0), (
                f"{name_of(path)} imports {'.'.join(target)}"
            )


@pytest.mark.parametrize("path", [path for path in MODULES if room_of(path) == "engine"], ids=name_of)
def test_the_engine_knows_no_file_and_no_screen(path: Path) -> None:
    assert not {target[0] for target in imported(tree_of(path)) if target} & {"intake", "ledger", "report", "cli"}


@pytest.mark.parametrize("path", sorted((ROOT / "engine" / "shapes").glob("*.py")), ids=name_of)
def test_the_shapes_know_the_policy_only_as_a_model(path: Path) -> None:
    found = {target[1] for target in imported(tree_of(path)) if target[:1] == ("policy",) and len(target) > 1}
    assert found <= {"model", "clauses", "terms"}
    assert not found & LOADER


@pytest.mark.parametrize("path", PARSED)
def test_no_module_names_the_city_or_a_clause_or_a_column_of_it(path: Path) -> None:
    words = own_words()
    assert "安庆" not in path.read_text(encoding="utf-8")
    for line, text in texts_of(tree_of(path)):
        found = set(re.findall(r"[A-Za-z0-9_]+", text)) & words
        assert not found, f"line {line}: {found}"


# cells of a workbook are binary fractions, so intake may look at them: as the 15 digits that a person sees
@pytest.mark.parametrize("path", [path for path in MODULES if room_of(path) != "intake"], ids=name_of)
def test_no_module_behind_intake_makes_a_float(path: Path) -> None:
    calls = [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)]
    assert not [call.lineno for call in calls if isinstance(call.func, ast.Name) and call.func.id == "float"]


@pytest.mark.parametrize(
    "path", [path for path in MODULES if room_of(path) in ("engine", "ledger", "money")], ids=name_of
)
def test_nothing_that_computes_money_holds_a_fraction_or_divides(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), ast.unparse(node)
        divides = isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div)
        assert not divides or room_of(path) == "money", ast.unparse(node)  # money divides ratios and decimals


@pytest.mark.parametrize("path", [path for path in MODULES if room_of(path) != "cli"], ids=name_of)
def test_only_the_command_line_prints_or_exits(path: Path) -> None:
    calls = [node.func for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)]
    assert not [call.lineno for call in calls if isinstance(call, ast.Name) and call.id in ("print", "exit", "input")]
    assert not [call.lineno for call in calls if isinstance(call, ast.Attribute) and ast.unparse(call) == "sys.exit"]
