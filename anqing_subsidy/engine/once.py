"""Once only: what was paid before blocks a row or line."""

from __future__ import annotations

import polars as pl

from anqing_subsidy.engine.exact import flag, sure
from anqing_subsidy.engine.facts import Scope
from anqing_subsidy.engine.run import Run
from anqing_subsidy.engine.verdict import Test
from anqing_subsidy.policy.clauses import Clause, Once


class OnceRules:
    """The rules of once-only of one clause."""

    def __init__(self, run: Run, clause: Clause) -> None:
        self.run = run
        self.clause = clause

    def tests(
        self, scope: Scope, code: pl.Series, objects: pl.Series | None, declared: pl.Series, rows: str
    ) -> tuple[Test, ...]:
        """Each rule as a test of the rows: true where nothing paid before blocks them."""
        found = []
        for rule in self.clause.once:
            if rule.same == ("applicant",):
                blocked = sure(code.is_in(self.run.paid.codes_paid(rule.clauses, years=rule.years).implode()))
                found.append(Test(None, ~blocked, kind="unpaid"))
            elif "level" in rule.same:
                found.append(self._level(rule, scope, code, objects, declared))
            elif objects is not None:
                found.append(self._object(rule, code, objects, declared, rows))
        return tuple(found)

    def _object(self, rule: Once, code: pl.Series, objects: pl.Series, declared: pl.Series, rows: str) -> Test:
        blocked = self.run.paid.object_blocked(rule.clauses, code, objects, rule.years)
        doubt = self.run.paid.object_in_doubt(rule.clauses, objects)
        met = flag(None, code.len()).zip_with(~blocked & doubt, ~blocked)
        if rows == "one":
            unnamed = sure(
                code.is_in(self.run.paid.codes_paid(rule.clauses, blank_object=True, years=rule.years).implode())
            )
            met = met & flag(None, code.len()).zip_with(unnamed, flag(True, code.len()))
            ever = sure(code.is_in(self.run.paid.codes_paid(rule.clauses, years=rule.years).implode()))
            met = flag(False, code.len()).zip_with(declared & ever, met)
        return Test(None, met, kind="unpaid")

    def _level(self, rule: Once, scope: Scope, code: pl.Series, objects: pl.Series | None, declared: pl.Series) -> Test:
        holder = objects.fill_null(code) if objects is not None else code
        paid, unsure = self.run.paid.levels(rule.clauses, code, holder, declared, self._ranks(rule), rule.years)
        unsure = unsure | self.run.paid.unnamed(self.clause.table, rule.clauses, code, rule.years)
        level = (
            scope.fact(rule.level).lo
            if rule.level is not None
            else pl.Series([None], dtype=pl.String).new_from_index(0, code.len())
        )
        rank = level.replace_strict(dict(rule.ranks), default=None, return_dtype=pl.Int64)
        blocked = sure(paid >= rank.fill_null(max(rule.ranks.values(), default=0)))
        met = flag(False, code.len()).zip_with(blocked, flag(None, code.len()).zip_with(unsure, flag(True, code.len())))
        return Test(None, met, kind="unpaid")

    def _ranks(self, rule: Once) -> dict[str, int]:
        """The rank of each level by its id and by the words for it: a sheet of awards paid may hold either as a text."""
        table = self.run.policy.tables[rule.level.table] if rule.level is not None else None
        column = table.columns.get(rule.level.id) if table is not None and rule.level is not None else None
        words = column.values if column is not None and column.values is not None else {}
        return {word: rank for level, rank in rule.ranks.items() for word in (level, *words.get(level, ()))}
