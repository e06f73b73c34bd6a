"""Facts of every table, typed or derived, each worked out once and only when somebody asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import polars as pl

from anqing_subsidy.engine.exact import any_of, flag, possible, sure, whole
from anqing_subsidy.engine.fact import Fact, either
from anqing_subsidy.engine.table_rows import TableRows, links
from anqing_subsidy.engine.verdict import Evaluator
from anqing_subsidy.money import INT64_MAX, SCALE
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.policy.reads import refs_behind, refs_in
from anqing_subsidy.policy.rules import Claimant
from anqing_subsidy.policy.terms import (
    Added,
    Anniversary,
    ChildCount,
    ChildSum,
    Conditions,
    DerivedFact,
    ListedIn,
    RatioOf,
    Ref,
    SameAs,
    WhenHolds,
    YearOf,
)
from anqing_subsidy.tables import BAD


class FactStore:
    """All facts of one run, by table; `freed` are the codes whose rows no second claimant holds any more."""

    def __init__(self, policy: Policy, rows: Mapping[str, TableRows], freed: Collection[str] = ()) -> None:
        self.policy = policy
        self.rows = rows
        self.freed = freed
        self._facts: dict[Ref, Fact] = {}
        self._claims: dict[str, Claims] = {}

    def fact(self, ref: Ref) -> Fact:
        """A fact over all rows of its own table."""
        if ref not in self._facts:
            derived = self.policy.facts.get(ref)
            self._facts[ref] = self._typed(ref) if derived is None else self._derived(derived)
        return self._facts[ref]

    def scope(self, table: str, at: pl.Series | None = None, forced: Mapping[Ref, bool] | None = None) -> Scope:
        """The facts seen from some rows of a table."""
        return Scope(self, table, at, forced or {})

    def claims(self, table: str) -> Claims | None:
        """Which rows of a table two claimants bring, if the policy asks."""
        rule = next((rule for rule in self.policy.claimants if rule.table == table), None)
        if rule is None:
            return None
        if table not in self._claims:
            self._claims[table] = Claims(rule, self)
        return self._claims[table]

    def owners(self, table: str) -> pl.Series:
        """The code of the applicant behind each row of a table."""
        rows, codes = self.rows[table], self.rows[self.policy.main].frame[self.policy.payee.code]
        return codes if table == self.policy.main else codes.gather(rows.up[self.policy.main])

    def _typed(self, ref: Ref) -> Fact:
        frame = self.rows[ref.table].frame
        column = frame[ref.id]
        kind = self.policy.type_of(ref)
        if kind == "enum":
            column = column.set(column == "unknown", None) if (column == "unknown").any() else column
        bad = frame[ref.id + BAD].fill_null(value=False) if ref.id + BAD in frame.columns else None
        if kind == "ratio":
            return Fact(kind, column, column, bad, den=whole(SCALE["ratio"], len(column)))
        return Fact(kind, column, column, bad)

    def _derived(self, derived: DerivedFact) -> Fact:
        how, ref = derived.how, derived.ref
        scope = self.scope(ref.table)
        if isinstance(how, SameAs):
            return scope.fact(how.ref)
        if isinstance(how, WhenHolds):
            met = Evaluator(scope).met(how.when)
            return Fact("yesno", met, met, scope.bad(how.when))
        if isinstance(how, YearOf):
            origin = scope.fact(how.ref)
            year = origin.lo.dt.year().cast(pl.Int64)
            return Fact("year", year, year, origin.bad)
        if isinstance(how, Anniversary):
            origin = scope.fact(how.ref)
            day = origin.lo.dt.offset_by(f"{how.years}y")
            return Fact("date", day, day, origin.bad)
        if isinstance(how, Added):
            total = whole(0, scope.height)
            for part in how.refs:
                total = total + scope.fact(part).lo
            return Fact(derived.type, total, total, scope.bad(how.refs))
        if isinstance(how, RatioOf):
            top, bottom = scope.fact(how.numerator), scope.fact(how.denominator)
            return Fact(
                "ratio",
                top.lo,
                top.hi,
                either(top.bad, bottom.bad),
                top.held,
                top.spoilt,
                top.declared,
                top.conflict,
                bottom.lo,
                top.loose,
            )
        if isinstance(how, ListedIn):
            return self._listed(how, scope)
        return self._over_children(how, ref, scope)

    def _listed(self, how: ListedIn, scope: Scope) -> Fact:
        listing = self.rows[how.table].frame
        if listing.height == 0:
            return scope.fact(how.otherwise)
        code = self.rows[how.otherwise.table].frame[self.policy.payee.code]
        known = listing[listing.columns[0] if self.policy.payee.code not in listing.columns else self.policy.payee.code]
        on_it = code.is_in(known.drop_nulls().unique().implode())
        column = pl.select(pl.when(on_it).then(pl.lit(how.listed)).otherwise(pl.lit(how.unlisted))).to_series()
        return Fact("enum", column, column)

    def _over_children(self, how: ChildCount | ChildSum, ref: Ref, parent: Scope) -> Fact:
        """Count or sum over child rows: certain ones below, possible ones above."""
        child = self.rows[how.child]
        scope = self.scope(how.child)
        up = child.up[ref.table]
        met = Evaluator(scope).met(how.where)
        claims = self.claims(how.child)
        if claims is not None:
            met = met & ~claims.lost
        held = claims.held if claims is not None else flag(False, child.height)
        bad = key_bad(self.policy, child)
        of = scope.fact(how.of) if isinstance(how, ChildSum) else None
        amount = of.lo if of is not None else whole(1, child.height)
        for mark in (scope.bad(how.where), None if of is None else of.bad):
            bad = bad if mark is None else bad | mark
        # a cell that cannot be read leaves its row open, whatever the others say
        certain, maybe = sure(met) & ~held & ~bad, possible(met)
        unknown = amount.is_null() & maybe
        zero = amount.fill_null(0)
        frame = pl.DataFrame(
            {
                "up": up,
                "lo": zero.cast(pl.Int128) * certain.cast(pl.Int128),
                "hi": zero.cast(pl.Int128) * maybe.cast(pl.Int128),
                "open": unknown,
                "held": held & maybe,
                "loose": maybe & (~sure(met) | bad | unknown),
                "spoilt": maybe & bad,
                "conflict": child.conflict if child.conflict is not None else flag(False, child.height),
            }
        )
        sums = frame.group_by("up").agg(
            pl.col("lo", "hi").sum(),
            pl.col("open").any(),
            pl.col("loose").any(),
            pl.col("held").sum(),
            pl.col("spoilt").sum(),
            pl.col("conflict").any(),
        )
        sums = pl.DataFrame({"up": pl.int_range(parent.height, eager=True, dtype=pl.UInt32)}).join(
            sums, on="up", how="left", maintain_order="left"
        )
        bare = sums["lo"].is_null()
        lo = sums["lo"].clip(0, INT64_MAX).cast(pl.Int64)
        hi = sums["hi"].clip(0, INT64_MAX).cast(pl.Int64)
        hi = hi.set(sums["open"].fill_null(value=False), None)
        kind = "count" if of is None else of.type
        declared = bad_declared = None
        if how.otherwise is None:
            lo, hi = lo.fill_null(0), hi.set(bare, 0)
        else:
            other = parent.fact(how.otherwise)
            declared = bare & other.lo.is_not_null()
            lo, hi = other.lo.zip_with(bare, lo), other.lo.zip_with(bare, hi)
            bad_declared = None if other.bad is None else other.bad & bare
        for asked in refs_behind(how.where, self.policy.facts):
            # a cell of the parent that decides about all its children is the parent's own
            mark = parent.fact(asked).bad if asked.table == ref.table else None
            bad_declared = bad_declared if mark is None else either(bad_declared, mark & ~bare)
        if not child.height:
            hi = lo
        conflict = sums["conflict"].fill_null(value=False) if child.conflict is not None else None
        return Fact(
            kind,
            lo,
            hi,
            bad_declared,
            sums["held"].fill_null(0),
            sums["spoilt"].fill_null(0),
            declared,
            conflict,
            loose=sums["loose"].fill_null(value=False),
        )


def key_bad(policy: Policy, child: TableRows) -> pl.Series:
    """Rows whose own key is blank or cannot be trusted (a wrong check digit): possible, never certain."""
    owners = links(policy, child.table)
    marks = [
        child.frame[key + BAD].fill_null(value=False)
        for key in child.table.key
        if key + BAD in child.frame.columns and key not in owners
    ]
    return any_of(marks, child.height)


class Scope:
    """Facts seen from some rows of a table: its own and its ancestors', all of one height."""

    def __init__(self, store: FactStore, table: str, at: pl.Series | None, forced: Mapping[Ref, bool]) -> None:
        self.store = store
        self.table = table
        self.at = at
        self.forced = forced
        self._seen: dict[Ref, Fact] = {}

    @property
    def rows(self) -> TableRows:
        """The table that is looked at."""
        return self.store.rows[self.table]

    @property
    def height(self) -> int:
        """How many rows are looked at."""
        return self.rows.height if self.at is None else self.at.len()

    def up(self, table: str) -> pl.Series:
        """The row of an ancestor (or of the table itself) for each row."""
        if table == self.table:
            return self.at if self.at is not None else pl.int_range(self.height, eager=True, dtype=pl.UInt32)
        index = self.rows.up[table]
        return index if self.at is None else index.gather(self.at)

    def column(self, name: str) -> pl.Series:
        """A typed column of the table at these rows."""
        column = self.rows.frame[name]
        return column if self.at is None else column.gather(self.at)

    def fact(self, ref: Ref) -> Fact:
        """A fact at these rows."""
        if ref in self.forced:
            column = flag(self.forced[ref], self.height)
            return Fact("yesno", column, column)
        if ref not in self._seen:
            fact = self.store.fact(ref)
            self._seen[ref] = fact if ref.table == self.table and self.at is None else fact.take(self.up(ref.table))
        return self._seen[ref]

    def bad(self, part: object) -> pl.Series | None:
        """Where a fact named in a part of the policy cannot be read; None where all can."""
        marks = [mark for ref in refs_in(part) if (mark := self.fact(ref).bad) is not None]
        return any_of(marks, self.height) if marks else None

    def met(self, conditions: Conditions) -> pl.Series:
        """Whether conditions hold at these rows."""
        return Evaluator(self).met(conditions)


class Claims:
    """Rows of one key that several claimants bring: held, or lost to the earliest."""

    def __init__(self, rule: Claimant, store: FactStore) -> None:
        rows = store.rows[rule.table]
        active = possible(store.scope(rule.table).met(rule.where)) if rule.where else flag(True, rows.height)
        frame = rows.frame.select(pl.col(rule.key).alias("key"), pl.col(rule.claimant).alias("claimant"))
        frame = frame.with_columns(active.alias("active"), pl.col("key").is_not_null().alias("named"))
        if rule.earliest is not None:
            frame = frame.with_columns(rows.frame[rule.earliest].alias("since"))
        claiming = pl.col("active") & pl.col("named")
        counted = pl.col("claimant").filter(claiming).n_unique().over("key")
        self.rivals = frame.select((counted > 1) & claiming).to_series()
        self.lost = flag(False, rows.height)
        self.held = self.rivals
        if rule.settle == "earliest" and rule.earliest is not None and self.rivals.any():
            self._settle(frame.with_columns(self.rivals.alias("rival")))
        if store.freed and self.held.any():
            self.held = self.held & ~store.owners(rule.table).is_in(list(store.freed)).fill_null(value=False)

    def _settle(self, frame: pl.DataFrame) -> None:
        """The earliest claimant keeps the row; a blank or equal date leaves it held."""
        since = pl.col("since").filter(pl.col("rival"))
        first = since.min().over("key")
        dated = since.is_null().any().over("key").not_()
        alone = (pl.col("claimant").filter(pl.col("rival") & (pl.col("since") == first)).n_unique().over("key")) == 1
        frame = frame.with_columns(settled=dated & alone, first=first)
        out = frame.select(
            held=pl.col("rival") & ~pl.col("settled"),
            lost=pl.col("rival") & pl.col("settled") & (pl.col("since") != pl.col("first")),
        )
        self.held, self.lost = sure(out["held"]), sure(out["lost"])
