"""What an official should know beside the lines: facts filled in but not claimed, lists and figures that disagree."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from anqing_subsidy.engine.clause import Trace
from anqing_subsidy.engine.declared import disagreeing
from anqing_subsidy.engine.exact import sure
from anqing_subsidy.engine.facts import FactStore
from anqing_subsidy.finding import Finding, Place, Text
from anqing_subsidy.policy.clauses import Clause
from anqing_subsidy.policy.derivations import ListedIn
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.policy.reads import claimed_by
from anqing_subsidy.policy.terms import Ref
from anqing_subsidy.tables import Tables


def remarks(policy: Policy, tables: Tables, store: FactStore, traces: Sequence[Trace]) -> list[Finding]:
    """All remarks of a run, by kind."""
    found: list[Finding] = []
    for clause in policy.clauses.values():
        found.extend(_not_claimed(clause, policy, tables, store))
    found.extend(disagreeing(policy, tables, store, traces))
    found.extend(_history(policy, tables, store))
    found.extend(_lists(policy, tables, store))
    found.extend(_shared(policy, tables, store))
    found.extend(_claimed_twice(policy, tables, store))
    return found


def _place(store: FactStore, tables: Tables, table: str, at: int, column: str | None = None) -> Place:
    frame = store.rows[table].frame
    return tables.place(int(frame["_part"][at]), int(frame["_row"][at]), column)


def _not_claimed(clause: Clause, policy: Policy, tables: Tables, store: FactStore) -> list[Finding]:
    """A blank that decides whether a clause is claimed, beside a filled metric: no line, but a word about it."""
    found: list[Finding] = []
    for ref_asked, answer in claimed_by(clause) if clause.unclaimed_beside else ():
        if policy.column(ref_asked) is not None:
            found.extend(_blank_beside(clause, ref_asked, answer, policy, tables, store))
    return found


def _blank_beside(
    clause: Clause, ref_asked: Ref, answer: bool | str, policy: Policy, tables: Tables, store: FactStore
) -> list[Finding]:
    question = store.fact(ref_asked)
    blank = question.lo.is_null()
    if question.bad is not None:
        blank = blank & ~question.bad
    found: list[Finding] = []
    for ref in clause.unclaimed_beside:
        hit = (blank & store.fact(ref).lo.is_not_null()).arg_true()
        label, asks = policy.label(ref), policy.label(ref_asked)
        found.extend(
            Finding(
                "warning",
                "NOT_CLAIMED",
                Text(
                    f"填了“{label.zh}”，“{asks.zh}”为空，{clause.article} 未计算",
                    f"`{label.en}` is filled in but `{asks.en}` is blank: {clause.article} is not assessed",
                ),
                _place(store, tables, policy.main, at, ref_asked.id),
                None,
                _answered(asks, answer),
            )
            for at in hit.to_list()
        )
    return found


def _answered(asks: Text, answer: bool | str) -> Text:
    """What to fill in to claim a clause."""
    if isinstance(answer, str):
        return Text(f"若申请该条，填写“{asks.zh}”", f"to claim it, fill in `{asks.en}`")
    yes = Text("是", "yes") if answer else Text("否", "no")
    return Text(f"若申请该条，在“{asks.zh}”填“{yes.zh}”", f"to claim it, fill in {yes.en} under `{asks.en}`")


def _history(policy: Policy, tables: Tables, store: FactStore) -> list[Finding]:
    rule = policy.history
    if rule is None or not store.rows[rule.table].height:
        return []
    rows = store.rows[rule.table]
    up = rows.up[policy.main]
    founded = store.fact(rule.since).lo.dt.year().cast(pl.Int64).gather(up)
    early = sure(rows.frame[rule.year] < founded)
    return [
        Finding(
            "warning",
            "BEFORE_FOUNDING",
            Text(
                f"{rows.frame[rule.year][at]} 年早于成立年份，此行未用",
                f"{rows.frame[rule.year][at]} is before the founding year; the row is not used",
            ),
            _place(store, tables, rule.table, at, rule.year),
            str(rows.frame[rule.year][at]),
            Text("核对成立日期和年度", "check the founding date and the year"),
        )
        for at in early.arg_true().to_list()
    ]


def _lists(policy: Policy, tables: Tables, store: FactStore) -> list[Finding]:
    """A column that disagrees with the official list."""
    found = []
    for fact in policy.facts.values():
        how = fact.how
        if not isinstance(how, ListedIn) or not store.rows[how.table].height:
            continue
        typed, listed = store.fact(how.otherwise).lo, store.fact(fact.ref).lo
        sheet = policy.tables[how.table]
        column = policy.column(how.otherwise)
        words = column.values if column is not None and column.values else {}
        for at in sure(typed != listed).arg_true().to_list():
            says, counts = words.get(typed[at], (typed[at],))[0], words.get(listed[at], (listed[at],))[0]
            found.append(
                Finding(
                    "warning",
                    "LIST_DISAGREES",
                    Text(
                        f"表中填“{says}”，按{sheet.sheet}为“{counts}”，以名单为准",
                        f"the sheet says {typed[at]}, the {sheet.en} says {listed[at]}: the list counts",
                    ),
                    _place(store, tables, fact.ref.table, at, how.otherwise.id),
                    says,
                    Text("与统计部门核对", "check with the statistics bureau"),
                )
            )
    return found


def _shared(policy: Policy, tables: Tables, store: FactStore) -> list[Finding]:
    """Rows of one applicant that share an identifier which should be their own (two trainees on one shop)."""
    found: list[Finding] = []
    for table in policy.tables.values():
        rows = store.rows[table.id]
        for name in table.distinct:
            frame = (
                rows.frame.select(name)
                .with_columns(pl.Series("up", rows.up[policy.main]))
                .with_row_index("at")
                .filter(pl.col(name).is_not_null())
            )
            shared = (
                frame.filter(pl.struct("up", name).is_duplicated()).group_by("up", name, maintain_order=True).agg("at")
            )
            label = table.columns[name]
            found.extend(
                Finding(
                    "warning",
                    "SHARED_OBJECT",
                    Text(
                        f"{len(ats)} 行共用一个{label.header} {value}，均已计入",
                        f"{len(ats)} rows share one {label.en} {value}; all are counted",
                    ),
                    _place(store, tables, table.id, ats[0], name),
                    value,
                    Text("核对是否重复申报", "check whether it is claimed twice"),
                )
                for value, ats in zip(shared[name], shared["at"].to_list(), strict=True)
            )
    return found


def _claimed_twice(policy: Policy, tables: Tables, store: FactStore) -> list[Finding]:
    """Rows of one key that several claimants bring, so that they are held in each."""
    found: list[Finding] = []
    for rule in policy.claimants:
        claims, rows = store.claims(rule.table), store.rows[rule.table]
        if claims is None or not claims.held.any():
            continue
        held = rows.frame.select(pl.col(rule.key).alias("key"), pl.col(rule.claimant).alias("claimant"))
        held = held.with_row_index("at").filter(claims.held)
        label = policy.tables[rule.table].columns[rule.key]
        for value, ats, claimants in held.group_by("key", maintain_order=True).agg("at", "claimant").rows():
            who = list(dict.fromkeys(str(claimant) for claimant in claimants))
            places = [_place(store, tables, rule.table, at, rule.key) for at in ats]
            found.append(
                Finding(
                    "warning",
                    "CLAIMED_TWICE",
                    Text(
                        f"{label.header} {value} 由多方申报（{'、'.join(who)}），核实前暂扣",
                        f"{label.en} {value} is claimed by several ({', '.join(who)}): held until settled",
                    ),
                    places[0],
                    value,
                    Text("核实归哪一方，删去另一方的行", "find out whose it is and delete the other row"),
                    tuple(places[1:]),
                )
            )
    return found
