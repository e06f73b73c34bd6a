"""What a run pays, as a ledger records it: of each line the step, level and objects that it was paid for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from anqing_subsidy.engine.exact import larger, sure
from anqing_subsidy.ledger.once import keys_of
from anqing_subsidy.policy.clauses import FirstPast, HighestOf, SumOf
from anqing_subsidy.tables import BAD

if TYPE_CHECKING:
    from anqing_subsidy.engine.assessment import Assessment
    from anqing_subsidy.engine.clause import Trace
    from anqing_subsidy.engine.shapes import Outcome
    from anqing_subsidy.policy.clauses import Award
    from anqing_subsidy.policy.model import Policy

FIGURES = ("money", "usd", "count")
"""Types of columns that are figures of a year."""
_LISTS: Final[Mapping[str, Any]] = {
    "names": pl.List(pl.String),
    "adds": pl.List(pl.Int64),
    "levels": pl.List(pl.String),
}
_PAYING: Final[Mapping[str, Any]] = {
    "applicant": pl.UInt32, "clause": pl.String, "object": pl.String, "sequence": pl.Int64, "tier": pl.Int64, "level": pl.String,
    "names": pl.List(pl.String), "adds": pl.List(pl.Int64), "once": pl.List(pl.String),
}  # fmt: skip


def paying(assessment: Assessment) -> pl.DataFrame:
    """What each line that pays is paid for, a row a line.

    `applicant`, `clause`, `object` tell lines apart. `sequence`: 1, or more for a supplement to what was paid this year.
    `tier`, `level`: the step and the level, null without one. `names`, `adds`: the objects of a line put together from
    rows, and what each adds in fen. `once`: what the payment uses up, as `ledger.once` writes it.
    """
    policy, made = assessment.policy, []
    paid = assessment.lines.filter(pl.col("amount") > 0)
    for (part, id_), mine in paid.group_by("part", "clause", maintain_order=True):
        clause = policy.clauses[str(id_)]
        # a decision may pay what nobody claimed: there is no trace of how it came about
        trace = None if part is None else assessment.traces[int(str(part))]
        lines = mine.select("applicant", "clause", "object", "code", "row")
        lines = lines.with_columns(_no_tiers(mine.height) if trace is None else _tiers(trace, mine["row"]))
        members = None if trace is None else _members(trace, mine["row"], policy)
        if members is None:
            lines = lines.with_columns(pl.lit([], dtype=kind).alias(name) for name, kind in _LISTS.items())
        else:
            lines = lines.join(members, left_on="row", right_on="line", how="left", maintain_order="left")
        if clause.line_per == "applicant":
            things = pl.col("names")
        else:
            lines = lines.with_columns(pl.lit([], dtype=_LISTS[name]).alias(name) for name in ("names", "adds"))
            things = pl.concat_list("object").list.drop_nulls()
        once = keys_of(clause, lines.select("code", "tier", "levels", things=things))
        made.append(lines.with_columns(once, level=pl.col("levels").list.first()))
    seen = assessment.tables.ledger.sequences if assessment.tables.ledger is not None else {}
    return _numbered(pl.concat(made), seen) if made else pl.DataFrame(schema=_PAYING)


def _numbered(lines: pl.DataFrame, seen: Mapping[tuple[str, str, str], int]) -> pl.DataFrame:
    """The lines with the number of the entry that each will be."""
    keys = ["code", "clause", "thing"]
    schema: dict[str, Any] = {**dict.fromkeys(keys, pl.String), "last": pl.Int64}
    known = pl.DataFrame([(*key, last) for key, last in seen.items()], schema=schema, orient="row")
    lines = lines.with_columns(thing=pl.col("object").fill_null(""))
    lines = lines.join(known, on=keys, how="left", maintain_order="left")
    return lines.with_columns(sequence=pl.col("last").fill_null(0) + 1).select(list(_PAYING))


def _no_tiers(height: int) -> pl.Series:
    return pl.Series("tier", [None], dtype=pl.Int64).new_from_index(0, height)


def _tiers(trace: Trace, rows: pl.Series) -> pl.Series:
    """The step that each line reaches; null where the clause has none, or a decision pays below the first."""
    reached = _reached(trace.clause.award, trace.outcome) if trace.scope.table == trace.clause.table else None
    if reached is None:
        return _no_tiers(rows.len())
    tiers = reached.gather(rows)
    return tiers.zip_with(sure(tiers != 0), _no_tiers(rows.len())).alias("tier")


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


def _members(trace: Trace, lines: pl.Series, policy: Policy) -> pl.DataFrame | None:
    """The rows that carry each line: `names` and what they add in fen, `levels`, the highest first; None without objects.

    Of rows of which the highest counts those that are as high; where a decision pays what no row certainly earns,
    all of them: what nobody can tell apart is not paid again.
    """
    clause, scope = trace.clause, trace.scope
    thing = policy.tables[scope.table].object
    if scope.table != clause.table or thing is None:
        return None
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
    rows = rows.filter(carries | (best <= 0)).with_columns(pl.col("adds") // trace.outcome.den)
    ranks = {name: rank for rule in clause.once for name, rank in rule.ranks.items()}
    rank = pl.col("level").replace_strict(ranks, default=0, return_dtype=pl.Int64) if ranks else pl.lit(0)
    named, told = pl.col("thing").is_not_null(), pl.col("level").is_not_null() & (pl.col("level") != "")
    return rows.group_by("line", maintain_order=True).agg(
        pl.col("thing").filter(named).alias("names"),
        pl.col("adds").filter(named).cast(pl.Int64),
        pl.col("level")
        .sort_by(rank, "level", descending=[True, False])
        .filter(told.sort_by(rank, "level", descending=[True, False]))
        .unique(maintain_order=True)
        .alias("levels"),
    )


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
