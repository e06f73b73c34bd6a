"""Near misses in every sheet: the change, made in the cells behind it, pays what is said; a unit less pays no more."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Final

import pytest

from anqing_subsidy.engine import assess
from anqing_subsidy.engine.focus import focused
from anqing_subsidy.policy import load_policy
from anqing_subsidy.policy.derivations import Added, ChildCount, ChildSum, RatioOf, SameAs
from anqing_subsidy.policy.terms import Ref
from anqing_subsidy.report.detail import Describer
from tests.oracle.generate import good_code, random_readings, random_tables
from tests.support import frames

if TYPE_CHECKING:
    from anqing_subsidy.engine.assessment import Assessment
    from anqing_subsidy.policy.model import Policy
    from anqing_subsidy.report.near_change import Change, NearMiss
    from tests.oracle.common import Tables

Line = dict[str, Any]
APPLICANTS: Final = 120
SIZES: Final = ("year_gmv_yuan", "year_parcels", "insured_staff")
TRIED: Final = 12
"""Near misses tried of each draw; each change of each is assessed twice more."""


def copied(tables: Tables) -> Tables:
    return {name: [dict(row) for row in rows] for name, rows in tables.items()}


class Maker:
    """Makes the changes of a near miss in the cells that its facts are worked out from."""

    def __init__(self, policy: Policy, tables: Tables, result: Assessment, line: Line, row: int | None) -> None:
        self.policy, self.tables, self.result, self.line, self.row = policy, tables, result, line, row

    def mine(self, table: str) -> list[dict[str, Any]]:
        """The rows of the line in a table: the applicant's own, of one object, of one row of the sheet."""
        rows = self.tables[table]
        if table == self.policy.main:
            return [row for row in rows if row["uscc"] == self.line["code"]]
        if self.row is not None and table == self.policy.clauses[self.line["clause"]].table:
            return [rows[self.row - 2]]
        name = self.policy.tables[table].object
        own = [row for row in rows if row.get("uscc") == self.line["code"]]
        if self.line["object"] is not None and name is not None:
            own = [row for row in own if row[name] == self.line["object"]]
        return own

    def add(self, ref: Ref, more: int) -> bool:
        """Add to a fact; False where this test knows no way to."""
        if self.policy.column(ref) is not None:
            rows = self.mine(ref.table)
            for row in rows:
                row[ref.id] = row[ref.id] + more
            return len(rows) == 1
        how = self.policy.facts[ref].how
        if isinstance(how, SameAs):
            return self.add(how.ref, more)
        if isinstance(how, Added):
            return isinstance(how.parts[0], Ref) and self.add(how.parts[0], more)
        if isinstance(how, RatioOf):
            return isinstance(how.numerator, Ref) and self.add(how.numerator, more)
        if isinstance(how, ChildCount | ChildSum):
            return self.add_rows(ref, how, more)
        return False

    def add_rows(self, ref: Ref, how: ChildCount | ChildSum, more: int) -> bool:
        """Further child rows like one that counts; or the declared figure, where there are no rows."""
        parents = self.mine(ref.table)
        if len(parents) != 1:
            return False
        link = "park_id" if ref.table == "parks" else "uscc"
        own = [row for row in self.tables.get(how.child, []) if row[link] == parents[0][link]]
        if not own:
            return how.otherwise is not None and self.add(how.otherwise, more)
        store = self.result.store
        scope = store.scope(how.child)
        met = scope.met(how.where)
        claims = store.claims(how.child)
        held = claims.held if claims is not None else met & False
        lines = store.rows[how.child].frame["_row"]
        good = {line for line, yes, no in zip(lines, met, held, strict=True) if yes and not no}
        counted = [row for row in own if self.tables[how.child].index(row) + 2 in good]
        if not counted or more < 0:
            return False
        key = self.policy.tables[how.child].key[-1]
        if isinstance(how, ChildSum):
            if counted[0][how.of.id] is None:
                return False
            counted[0][how.of.id] += more
            return True
        for number in range(more):
            further = {**counted[0], key: good_code(900_000 + number)}
            # a tenant of no size, so that nothing but the count changes
            further |= {name: 0 for name in ("area_m2", *SIZES) if name in further and ref.id != "scale_tenants"}
            self.tables[how.child].append(further)
        return True


def outcome(policy: Policy, tables: Tables, line: Line) -> tuple[int, int]:
    """What the line and its applicant come to."""
    typed = frames(policy, tables)
    at = (typed.frames[policy.main][policy.payee.code] == line["code"]).arg_true()
    result = assess(policy, focused(policy, typed, at))
    mine = result.lines.filter((result.lines["code"] == line["code"]) & (result.lines["clause"] == line["clause"]))
    if line["object"] is not None:
        mine = mine.filter(mine["object"] == line["object"])
    people = result.applicants.filter(result.applicants["code"] == line["code"])
    return int(mine["amount"].sum()), int(people["total"].sum())


def made(policy: Policy, tables: Tables, result: Assessment, line: Line, miss: NearMiss, short: Change | None) -> Tables | None:  # fmt: skip
    """The tables with all changes made, one of them a unit short; None where a change cannot be made here."""
    changed = copied(tables)
    maker = Maker(policy, changed, result, line, miss.row)
    for change in miss.changes:
        more = change.needed - change.value
        if change is short:
            more -= 1 if more > 0 else -1
        if not maker.add(change.ref, more):
            return None
    return changed


def near_misses(result: Assessment) -> list[tuple[Line, NearMiss]]:
    near = Describer(result, "zh").describe(result.lines).near
    return [(result.lines.row(at, named=True), miss) for at, miss in near.items()]


@pytest.mark.parametrize("seed", range(40, 47))
def test_a_change_in_any_sheet_pays_what_is_said_and_a_unit_less_does_not(seed: int) -> None:
    rng = random.Random(seed)
    tables = random_tables(rng, APPLICANTS)
    policy = load_policy(settings=random_readings(rng) if seed % 3 else {})
    result = assess(policy, frames(policy, tables))
    totals = dict(result.applicants.select("code", "total").rows())
    found = near_misses(result)
    elsewhere = [(line, miss) for line, miss in found if policy.clauses[line["clause"]].table != policy.main]
    chosen = rng.sample(elsewhere, min(TRIED, len(elsewhere))) + rng.sample(found, min(4, len(found)))
    tried = 0
    for line, miss in chosen:
        changed = made(policy, tables, result, line, miss, None)
        if changed is None:
            continue
        tried += 1
        amount, total = outcome(policy, changed, line)
        said = (line["code"], line["clause"], line["object"], miss)
        assert amount == miss.amount, said
        assert total > totals[line["code"]], said
        for change in miss.changes:
            short = made(policy, tables, result, line, miss, change)
            assert short is not None
            less, _ = outcome(policy, short, line)
            assert less < miss.amount, (said, change)
    assert tried >= 3
