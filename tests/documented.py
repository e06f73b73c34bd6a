"""Examples of the documentation: a fenced yaml block and the table of inputs and amounts below it.

A block stands in the policy that `docs/policy-language.md` shows first (the block with `policy:`). Keys of a clause are
those of its clause `a`; keys of a policy file add to it or stand instead of what it says. A table whose first header is
a table of the policy gives rows of it, by the code of the applicant; the last table gives the applicants, each with what
must come out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import polars as pl
import yaml

from anqing_subsidy.engine import assess
from anqing_subsidy.finding import Finding
from anqing_subsidy.intake.convert import convert
from anqing_subsidy.intake.sheet import Sheet, column_letter
from anqing_subsidy.money import parse_money
from anqing_subsidy.policy import Policy
from anqing_subsidy.policy.faults import Faults
from anqing_subsidy.policy.load import parse_policy
from anqing_subsidy.policy.schema import PolicyDoc
from anqing_subsidy.policy.yamltree import read_tree
from anqing_subsidy.report.detail import Describer
from anqing_subsidy.tables import Part, Tables

ROOT: Final = Path(__file__).resolve().parent.parent
DOCS: Final = ROOT / "docs"
LANGUAGE: Final = "policy-language"

WORDS: Final = {"应付": "pays", "状态": "status", "最多": "at most", "出自": "from"}
"""Headers of what must come out, by the Chinese word."""
_RESULT: Final = re.compile(r"(pays|status|at most|from)(?: `(\w+)`)?")
_TOP: Final = frozenset(PolicyDoc.__annotations__)
_CODES: Final = "ABCDEFGHIJ"

Row = Mapping[str, str]
Grid = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]
"""The headers of a table and its rows."""


@dataclass(frozen=True)
class Example:
    """A block and the tables below it."""

    page: str
    line: int
    block: str
    tables: tuple[Grid, ...] = field(default=())

    @property
    def tree(self) -> dict[str, Any]:
        """The block as plain values."""
        return tree_of(self.block)

    @property
    def is_whole(self) -> bool:
        """Whether the block is a whole policy."""
        return "policy" in self.tree

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def tree_of(text: str) -> dict[str, Any]:
    """YAML as the loader of policies reads it, in plain mappings and lists."""
    faults = Faults()
    tree = read_tree(text.encode(), faults)
    assert tree is not None, faults.found
    assert not faults.found, faults.found
    return dict(_plain(tree))


def _plain(node: Any) -> Any:  # noqa: ANN401  # a tree of plain values
    if isinstance(node, dict):
        return {key: _plain(value) for key, value in node.items()}
    return [_plain(value) for value in node] if isinstance(node, list) else node


# ---- the pages -------------------------------------------------------------------------------------------------------
@cache
def examples(page: str) -> tuple[Example, ...]:
    """The yaml blocks of a page, each with the tables that follow it before the next heading or block."""
    lines = (DOCS / page).read_text(encoding="utf-8").splitlines()
    found: list[Example] = []
    at = 0
    while at < len(lines):
        if lines[at] != "```yaml":
            at += 1
            continue
        end = lines.index("```", at)
        tables = tuple(_tables(lines, end + 1))
        found.append(Example(page, at + 1, "\n".join(lines[at + 1 : end]) + "\n", tables))
        at = end
    return tuple(found)


def _tables(lines: Sequence[str], start: int) -> Iterator[Grid]:
    """The tables right below a block: blank lines may stand between, a text ends them."""
    rows: list[tuple[str, ...]] = []
    for line in (*lines[start:], "#"):
        if line.startswith("|"):
            rows.append(tuple(cell.strip() for cell in line.strip().strip("|").split("|")))
            continue
        if rows:
            yield tuple(_header(cell) for cell in rows[0]), tuple(rows[2:])
            rows = []
        if line:
            return


def _header(cell: str) -> str:
    """The header of a column, the words for what comes out in English."""
    word, _, rest = cell.partition(" ")
    return f"{WORDS[word]} {rest}".strip() if word in WORDS else cell


# ---- what a block says -----------------------------------------------------------------------------------------------
@cache
def skeleton() -> str:
    """The policy in which the examples stand."""
    return next(example.block for example in examples(f"{LANGUAGE}.md") if example.is_whole)


def policy_text(example: Example) -> bytes:
    """The policy that an example makes of the skeleton."""
    tree, own = tree_of(skeleton()), example.tree
    if example.is_whole:
        return example.block.encode()
    clause = {**tree["clauses"][0], **{key: value for key, value in own.items() if key not in _TOP}}
    if "clauses" in own:
        usual = ("article", "title") if "every_clause" in own else ("article", "title", "fund")
        own = {**own, "clauses": [{**{key: clause[key] for key in usual}, **entry} for entry in own["clauses"]]}
    else:
        own = {**own, "clauses": [clause]}
    for key, value in own.items():
        if key in _TOP:
            tree[key] = _merged(tree[key], value) if isinstance(tree.get(key), dict) else value
    # through JSON, so that what is the same here is written out twice there: policies have no anchors
    return yaml.safe_dump(json.loads(json.dumps(tree)), allow_unicode=True, sort_keys=False).encode()


def _merged(old: Any, new: Any) -> Any:  # noqa: ANN401  # trees of plain values
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    return {**old, **{key: _merged(old.get(key), value) for key, value in new.items()}}


# ---- what comes out --------------------------------------------------------------------------------------------------
def outcomes(example: Example) -> Iterator[tuple[str, str, str]]:
    """What each row of the last table says must come out, and what does: (what, wanted, got)."""
    headers, rows = example.tables[-1]
    sets = headers.index("--set") if "--set" in headers else None
    choices = list(dict.fromkeys(row[sets] for row in rows)) if sets is not None else [""]
    for choice in choices:
        chosen = [row for row in rows if sets is None or row[sets] == choice]
        yield from _run(example, headers, chosen, choice)


def _run(
    example: Example, headers: tuple[str, ...], rows: Sequence[tuple[str, ...]], choice: str
) -> Iterator[tuple[str, str, str]]:
    settings = dict(pair.split("=", 1) for pair in choice.strip("`").split() if pair)
    policy = parse_policy(policy_text(example), str(example), settings)
    asked = [header for header in headers if _RESULT.fullmatch(header) is None and header != "--set"]
    given: dict[str, list[Row]] = {policy.main: []}
    for at, row in enumerate(rows):
        cells = {header: cell for header, cell in zip(headers, row, strict=True) if header in asked}
        code = cells.setdefault("code", _CODES[at])
        given[policy.main].append({"name": code, **cells})
    for names, below in example.tables[:-1]:
        table = names[0].strip("`")
        columns = (policy.payee.code, *names[1:])
        given[table] = [dict(zip(columns, row, strict=True)) for row in below]
    tables = tables_of(policy, given)
    wrong = [finding.message.en for finding in tables.findings if finding.severity == "error"]
    assert not wrong, f"{example}: {wrong}"
    result = assess(policy, tables)
    for language in ("zh", "en"):
        # what comes out can also be told
        assert len(Describer(result, language).describe(result.lines).reason_text) == result.lines.height
    lines = result.lines
    for entry, row in zip(given[policy.main], rows, strict=True):
        code = entry["code"]
        mine = lines.filter(pl.col("code") == code)
        person = result.applicants.filter(pl.col("code") == code)
        for header, wanted in zip(headers, row, strict=True):
            match = _RESULT.fullmatch(header)
            if match is None or not wanted:
                continue
            kind, name = match[1], match[2]
            of = mine.filter(pl.col("clause") == name) if name and kind != "from" else mine
            what = f"{example} row {code} {header}"
            if kind == "status":
                yield what, wanted.strip("`"), ", ".join(sorted(set(of["status"]))) or "no line"
            elif kind == "at most":
                most = of["potential"]
                yield what, _yuan(parse_money(wanted)), "no bound" if most.null_count() else _yuan(int(most.sum()))
            else:
                paid = int(person[f"fund:{name}"].sum() if kind == "from" else of["amount"].sum())
                yield what, _yuan(0 if wanted == "0" else parse_money(wanted)), _yuan(paid)


def tables_of(policy: Policy, given: Mapping[str, Sequence[Row]]) -> Tables:
    """Rows by table, each cell as a person types it, read as a sheet would be."""
    frames: dict[str, pl.DataFrame] = {}
    parts: list[Part] = []
    findings: list[Finding] = []
    for name, rows in given.items():
        table = policy.tables[name]
        frame, part, found = convert(_sheet(name, list(table.columns), rows), table, policy, len(parts))
        frames[name] = frame
        parts.append(part)
        findings += found
    return Tables(frames, tuple(parts), (), tuple(findings))


def _yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}元"


def _sheet(name: str, columns: Sequence[str], rows: Sequence[Row]) -> Sheet:
    """Rows as a sheet whose headers are column ids, each cell as a person types it."""
    used = [column for column in columns if any(column in row for row in rows)]
    strange = {column for row in rows for column in row} - set(columns)
    assert not strange, f"`{name}` has no column {strange}"
    series = [pl.Series(column, [row.get(column) or None for row in rows], dtype=pl.String) for column in used]
    letters = tuple(column_letter(at) for at in range(len(used)))
    return Sheet(name, name, tuple(used), letters, tuple(series), pl.Series(range(2, len(rows) + 2), dtype=pl.UInt32))
