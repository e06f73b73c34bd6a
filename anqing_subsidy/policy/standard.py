"""What every policy has without saying so: words for yes and no, a sheet of decisions, a sheet of awards paid."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from anqing_subsidy.policy.faults import Faults
from anqing_subsidy.policy.yamltree import YamlList, YamlMap, read_tree

_SHEETS: Final = {"decisions": ("clause", "object_id"), "awards_paid": ("year", "clause", "object_id")}
"""The sheets, each with what makes its rows distinct beside the code of the applicant."""


def with_standard(tree: YamlMap) -> YamlMap:
    """The tree of a policy with the standard parts that it does not have itself.

    Nothing is added where the policy does not say who its applicants are: that is a fault, noted elsewhere.
    """
    applicant, tables = tree.get("applicant"), tree.get("tables")
    if not isinstance(applicant, YamlMap) or not isinstance(tables, YamlMap):
        return tree
    main, code = applicant.get("table"), applicant.get("code")
    own = tables.get(main) if isinstance(main, str) else None
    columns = own.get("columns") if isinstance(own, YamlMap) else None
    column = columns.get(code) if isinstance(columns, YamlMap) and isinstance(code, str) else None
    standard = _standard()
    if "yes_no" not in tree:
        tree.put("yes_no", standard["yes_no"], tree.line)
    if not isinstance(column, YamlMap):
        return tree
    for sheet, key in _SHEETS.items():
        if sheet in tree or sheet in tables:
            continue
        tree.put(sheet, standard[sheet], tree.line)
        tables.put(sheet, _table(standard["tables"][sheet], str(main), str(code), column, key), tables.line)
        enums = tree.get("enums")
        if enums is None:
            enums = YamlMap(tree.line)
            tree.put("enums", enums, tree.line)
        for name, words in standard["enums"].items():
            if sheet == "decisions" and isinstance(enums, YamlMap) and name not in enums:
                enums.put(name, words, enums.line)
    return tree


def _table(sheet: YamlMap, main: str, code: str, column: YamlMap, key: tuple[str, ...]) -> YamlMap:
    """A standard sheet whose rows name their applicant as the policy's own sheets do."""
    table = YamlMap(column.line)
    for name, value in sheet.items():
        table.put(name, value, column.line)
    table.put("parent", main, column.line)
    distinct = YamlList(column.line)
    for name in (code, *key):
        distinct.put(name, column.line)
    table.put("key", distinct, column.line)
    columns = YamlMap(column.line)
    mine = YamlMap(column.line)
    for name in ("header", "en", "type", "aliases"):
        if name in column:
            mine.put(name, column[name], column.line)
    mine.put("required", value=True, line=column.line)
    columns.put(code, mine, column.line)
    for name, value in sheet["columns"].items():
        columns.put(name, value, column.line)
    table.put("columns", columns, column.line)
    return table


def _standard() -> YamlMap:
    """The standard parts, read anew: a tree is changed by whoever reads it."""
    faults = Faults()
    tree = read_tree((files(__package__) / "standard.yaml").read_bytes(), faults)
    if tree is None or faults.found:
        raise ValueError(f"standard.yaml of the package cannot be read: {faults.found}")
    return tree
