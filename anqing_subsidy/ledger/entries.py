"""What a run pays, as a ledger records it: of each line the step, level and objects that it was paid for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from anqing_subsidy.engine.exact import larger, sure
from anqing_subsidy.ledger.once import keys_of
from anqing_subsidy.policy.clauses import FirstPast, HighestOf, SumOf
from anqing_subsidy.tables import BAD

if TYPE_CHECKING:
    from anqing_subsidy.engine.assessment import Assessment
    from anqing_subsidy.engine.clause import Trace
    from anqing_subsidy.engine.shapes import Outcome
    from anqing_subsidy.policy.clauses import Award, Clause
    from anqing_subsidy.policy.model import Policy

FIGURES = ("money", "usd", "count")
"""Types of columns that are figures of a year."""


@dataclass(frozen=True, slots=True)
class Paying:
    """What a line that pays is paid for.

    `sequence`: 1, or more for a supplement to what was paid this year. `tier`, `level`: the step and the level,
    None without one. `parts`: the objects of a line put together from rows, each with what it adds in fen.
    `once`: what the payment uses up, as `ledger.once` writes it.
    """

    sequence: int
    tier: int | None
    level: str | None
    parts: tuple[tuple[str, int], ...]
    once: tuple[str, ...]


Line = tuple[int, str, str | None]
"""What tells lines apart: row of the applicant, clause, object."""


def paying(assessment: Assessment) -> dict[Line, Paying]:
    """What each line that pays is paid for."""
    found: dict[Line, Paying] = {}
    policy = assessment.policy
    seen = assessment.tables.ledger.sequences if assessment.tables.ledger is not None else {}
    paid = assessment.lines.filter(pl.col("amount") > 0)
    for (part,), mine in paid.group_by("part", maintain_order=True):
        # a decision may pay what nobody claimed: there is no trace of how it came about
        trace = None if part is None else assessment.traces[int(str(part))]
        tiers = [None] * mine.height if trace is None else _tiers(trace, mine["row"])
        members = {} if trace is None else _members(trace, mine["row"], policy)
        columns = zip(*(mine[name] for name in ("applicant", "clause", "row", "code", "object")), tiers, strict=True)
        for applicant, id_, row, code, thing, tier in columns:
            clause = policy.clauses[id_]
            rows = members.get(row, [])
            levels = sorted({level for _, level, _ in rows if level}, key=lambda one, rule=clause: -_rank(rule, one))  # type: ignore[misc]  # bound now
            inside = clause.line_per == "applicant"
            parts = tuple((name, adds) for name, _, adds in rows if name is not None) if inside else ()
            once = keys_of(clause, code, [name for name, _ in parts] if inside else [thing], tier, levels)
            last = seen.get((code, id_, thing or ""), 0)
            found[applicant, id_, thing] = Paying(last + 1, tier, next(iter(levels), None), parts, tuple(once))
    return found


def _rank(clause: Clause, level: str) -> int:
    return max((rule.ranks.get(level, 0) for rule in clause.once), default=0)


def _tiers(trace: Trace, rows: pl.Series) -> list[int | None]:
    """The step that each line reaches; None where the clause has none, or a decision pays below the first."""
    reached = _reached(trace.clause.award, trace.outcome) if trace.scope.table == trace.clause.table else None
    return [None] * rows.len() if reached is None else [tier or None for tier in reached.gather(rows).to_list()]


def _reached(award: Award, outcome: Outcome) -> pl.Series | None:
    """The highest step that certainly pays, by its number; 0 where there is none, None where an award has no steps."""
    shape = award.shape
    if isinstance(shape, FirstPast):
        tier: pl.Series = outcome.steps["tier"].fill_null(0)
        return (tier + shape.number - 1).zip_with(tier > 0, tier)
    if not isinstance(shape, HighestOf | SumOf):
        return None
    best = None
    for row, way in zip(shape.rows, outcome.steps["rows"], strict=True):
        step = _reached(row.award, way)
        if step is not None:
            step = step.zip_with(sure(way.verdict), step * 0)
            best = step if best is None else larger(best, step)
    return best


def _members(trace: Trace, lines: pl.Series, policy: Policy) -> dict[int, list[tuple[str | None, str | None, int]]]:
    """The rows that carry each line: object, level, and what it adds in fen.

    Of rows of which the highest counts those that are as high; where a decision pays what no row certainly earns,
    all of them: what nobody can tell apart is not paid again.
    """
    clause, scope = trace.clause, trace.scope
    thing = policy.tables[scope.table].object
    if scope.table != clause.table or thing is None:
        return {}
    level = next((rule.level for rule in clause.once if rule.level is not None), None)
    of = trace.line_of_row
    blank = pl.Series([None], dtype=pl.String).new_from_index(0, of.len())
    frame = pl.DataFrame(
        {
            "of": of,
            "thing": scope.column(thing),
            "level": blank if level is None else scope.fact(level).lo,
            "adds": trace.adds.fill_null(0) if clause.rows != "one" else pl.Series([1]).new_from_index(0, of.len()),
        }
    )
    wanted = pl.DataFrame({"line": lines, "of": of.gather(lines)})
    rows = wanted.join(frame, on="of", how="left", maintain_order="left_right")
    best = pl.col("adds").max().over("of")
    carries = (pl.col("adds") == best) if clause.rows == "highest" else (pl.col("adds") > 0)
    rows = rows.filter(carries | (best <= 0))
    found: dict[int, list[tuple[str | None, str | None, int]]] = {}
    den = trace.outcome.den
    for line, name, step, adds in rows.select("line", "thing", "level", "adds").iter_rows():
        found.setdefault(line, []).append((name, step, adds // den))
    return found


def figures(assessment: Assessment) -> pl.DataFrame:
    """The figures of each applicant of a run: those of the policy year, and of earlier ones as they were typed.

    A row an applicant and year: code, year, and a column a figure, in smallest units. Which figures: those that the
    table of earlier years has a column for. What cannot be read, and the figures of applicants or years that
    contradict themselves, are nobody's.
    """
    policy, store = assessment.policy, assessment.store
    rule = policy.history
    if rule is None:
        return pl.DataFrame(schema={"code": pl.String, "year": pl.Int64})
    main = store.rows[policy.main]
    table = policy.tables[rule.table]
    names = [
        column.id
        for column in table.columns.values()
        if column.type in FIGURES and column.id in policy.tables[policy.main].columns
    ]
    code = policy.payee.code
    people = main.frame[assessment.applicants["row"]]
    torn = main.conflict[assessment.applicants["row"]] if main.conflict is not None else None
    found = [_good(people, torn, code, names, pl.lit(policy.year, dtype=pl.Int64))]
    history = store.rows[rule.table]
    if history.height:
        theirs = history.frame[code].is_in(people[code].drop_nulls().implode())
        typed = ~assessment.tables.from_ledger(history.frame["_part"])
        keep = sure(theirs) & typed & sure(history.frame[rule.year] < policy.year)
        torn = history.conflict.filter(keep) if history.conflict is not None else None
        found.append(_good(history.frame.filter(keep), torn, code, names, pl.col(rule.year)))
    whole = pl.concat(found).filter(pl.any_horizontal(pl.col(name).is_not_null() for name in names))
    return whole.unique(["code", "year"], keep="first", maintain_order=True)


def _good(rows: pl.DataFrame, torn: pl.Series | None, code: str, names: list[str], year: pl.Expr) -> pl.DataFrame:
    """The figures of rows whose code can be read and that nothing contradicts."""
    good = rows[code].is_not_null()
    if code + BAD in rows.columns:
        good = good & ~rows[code + BAD].fill_null(value=False)
    if torn is not None:
        good = good & ~torn
    return rows.filter(good).select(pl.col(code).alias("code"), year.alias("year"), *names)
