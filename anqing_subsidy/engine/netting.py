"""Entries of the policy year: what was paid this year is taken off what is due, for a line or its group."""

from __future__ import annotations

from typing import Any, NamedTuple

import polars as pl

from anqing_subsidy.engine.between import paid_beside, pools_of
from anqing_subsidy.engine.paid import Paid
from anqing_subsidy.engine.reasons import RANK
from anqing_subsidy.finding import Finding, Place, Text, listing
from anqing_subsidy.money import grouped
from anqing_subsidy.policy.articles import clauses_of
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.tables import Tables


class Payment(NamedTuple):
    """An entry of the policy year: clause (several where an article has several), object, sum (blank: unsure), place."""

    clauses: tuple[str, ...]
    object: str | None
    amount: int
    blank: bool
    place: Place


def net(
    lines: pl.DataFrame, policy: Policy, paid: Paid, tables: Tables, applicants: pl.DataFrame
) -> tuple[pl.DataFrame, list[Finding]]:
    """Take off what was paid in the policy year for a line or its group; nothing left is ALREADY_PAID."""
    lines = lines.with_columns(netted=pl.lit(0, dtype=pl.Int64), over=pl.lit(0, dtype=pl.Int64))
    now = paid.of(policy.clauses, now=True)
    if not now.height:
        return lines, []
    pools = pools_of(policy)
    order = _ranks(policy)
    owed = _owed(now, lines, policy, tables)
    wanted = ("at", "applicant", "clause", "object", "code", "amount", "status", "hi", "stand_in")
    indexed = lines.with_row_index("at")
    people = {
        row: (code, name) for row, code, name in applicants.select("row", "code", "name").iter_rows() if code in owed
    }
    mine: dict[int, list[dict[str, Any]]] = {applicant: [] for applicant in people}
    for line in indexed.filter(pl.col("code").is_in(list(owed))).select(wanted).iter_rows(named=True):
        mine[line["applicant"]].append(line)
    findings: list[Finding] = []
    changes: dict[int, dict[str, Any]] = {}
    for applicant, own in mine.items():
        own.sort(key=lambda line: (order[line["clause"]], line["object"] or ""))
        code, name = people[applicant]
        entries = _with_holder(owed[code], code, policy)
        for (clauses, place), over in _consume(own, entries, pools, policy, changes).items():
            findings.append(_overpaid(name, code, listing(clauses), over, place))
    if not changes:
        return lines, findings
    frame = pl.DataFrame(
        [{"at": at, **values} for at, values in changes.items()],
        schema={"at": pl.UInt32, "off": pl.Int64, "off_hi": pl.Int64, "blank": pl.Boolean, "more": pl.Int64},
    )
    lines = lines.with_row_index("at").join(frame, on="at", how="left", maintain_order="left")
    off, off_hi, unsure = (
        pl.col("off").fill_null(0),
        pl.col("off_hi").fill_null(0),
        pl.col("blank").fill_null(value=False),
    )
    paying = pl.col("amount") > 0
    left_hi = (pl.col("hi") - off_hi).clip(0)
    gone = paying & (pl.col("amount") <= off)
    more = (left_hi > 0).fill_null(value=True) & (pl.col("status") == "eligible_with_held")
    lines = lines.with_columns(
        status=pl.when(gone & more & (pl.col("rows_open_other") | unsure)).then(pl.lit("pending"))
        .when(gone & more).then(pl.lit("held"))
        .when(gone).then(pl.lit("ineligible"))
        .when(paying & unsure).then(pl.lit("pending"))
        .otherwise(pl.col("status")),
        reason=pl.when(gone & ~more).then(pl.lit(RANK["ALREADY_PAID"])).when(paying & unsure & ~gone).then(pl.lit(RANK["MISSING_FACT"])).otherwise(pl.col("reason")),
        netted=pl.when(paying).then(pl.min_horizontal(off, "amount")).otherwise(0),
        over=pl.when(gone).then(pl.col("more").fill_null(0)).otherwise(0),
        amount=pl.when(paying & unsure).then(0).otherwise((pl.col("amount") - off).clip(0)),
        hi=left_hi,
    )  # fmt: skip
    open_status = pl.col("status").is_in(["eligible_with_held", "pending", "held"])
    lines = lines.with_columns(
        potential=pl.when(open_status)
        .then(pl.col("hi"))
        .when(pl.col("status") == "excluded")
        .then(pl.col("hi"))
        .otherwise(None),
        hi=pl.when(pl.col("status") == "ineligible").then(0).otherwise(pl.col("hi")),
    )
    return lines.drop("at", "off", "off_hi", "blank", "more"), findings


def _overpaid(name: str, code: str, clauses: Text, over: int, place: Place) -> Finding:
    return Finding(
        "warning",
        "OVERPAID",
        Text(
            f"{name}: {clauses.zh} 本年度已兑现的超过应兑现 {grouped(over)} 元",
            f"{name}: paid {grouped(over)} yuan more this year for {clauses.en} than is due",
        ),
        place,
        code,
        Text(
            "先核对该行的年度、条款、对象和金额，再核对申报数据；都属实才追回多付部分",
            "check year, clause, object and sum of that row, then the application; recover only what still stands",
        ),
    )


def _with_holder(entries: list[Payment], code: str, policy: Policy) -> list[Payment]:
    """Where a clause pays by object, a blank object is the holder itself."""
    return [
        entry._replace(object=code)
        if entry.object is None and all(policy.clauses[clause].line_per == "object" for clause in entry.clauses)
        else entry
        for entry in entries
    ]


def _consume(
    lines: list[dict[str, Any]],
    entries: list[Payment],
    pools: dict[str, str],
    policy: Policy,
    changes: dict[int, dict[str, Any]],
) -> dict[tuple[tuple[str, ...], Place], int]:
    """Set this year's payments of one applicant against its lines; what is left over was overpaid."""
    pots: dict[tuple[tuple[str, ...], str | None], list[Payment]] = {}
    # what names one clause comes off it before what names an article is shared out, and so with objects
    for entry in sorted(entries, key=lambda entry: (len(entry.clauses), entry.object is None)):
        named = entry.object if any(_by_object(policy, clause) for clause in entry.clauses) else None
        pool = tuple(dict.fromkeys(pools[clause] for clause in entry.clauses))
        pots.setdefault((pool, named), []).append(entry)
    together = paid_beside(policy)
    over: dict[tuple[tuple[str, ...], Place], int] = {}
    for (pool, obj), paid in pots.items():
        mine = [line for line in lines if pools[line["clause"]] in pool and _same_object(line, obj, policy)]
        whole = sum(entry.amount for entry in paid)
        for line in mine:
            change = changes.setdefault(line["at"], {"off": 0, "off_hi": 0, "blank": False, "more": 0})
            change["blank"] = change["blank"] or any(entry.blank for entry in paid)
        off, rest = _own_first({line["at"]: line["amount"] - changes[line["at"]]["off"] for line in mine}, mine, paid)
        beside = {
            line["at"]: [
                other
                for other in mine
                if other["clause"] in together[line["clause"]] or pools[other["clause"]] != pools[line["clause"]]
            ]
            for line in mine
        }
        off_hi = {line["at"]: _off_possible(line, beside[line["at"]], paid, changes) for line in mine}
        for line in mine:
            changes[line["at"]]["off"] += off[line["at"]]
            changes[line["at"]]["off_hi"] += off_hi[line["at"]]
        still_open = any(
            line["status"] in ("eligible_with_held", "pending", "held") and (line["hi"] is None or line["hi"] >= whole)
            for line in mine
        )
        if rest > 0 and not still_open:
            key = (paid[0].clauses if len(paid) == 1 else pool, paid[0].place)
            over[key] = over.get(key, 0) + rest
            if off_some := [at for at, taken in off.items() if taken]:
                changes[off_some[0]]["more"] += rest
    return over


def _off_possible(
    line: dict[str, Any],
    beside: list[dict[str, Any]],
    paid: list[Payment],
    changes: dict[int, dict[str, Any]],
) -> int:
    """What comes off the most a line could become, with all that is paid beside it at its most; certain lines first."""
    beside = sorted(beside, key=lambda other: not other["amount"])
    most = sum(entry.amount for entry in paid)
    due = {
        other["at"]: most if other["hi"] is None else other["hi"] - changes[other["at"]]["off_hi"] for other in beside
    }
    return _own_first(due, beside, paid)[0][line["at"]]


def _own_first(due: dict[int, int], lines: list[dict[str, Any]], paid: list[Payment]) -> tuple[dict[int, int], int]:
    """Each payment is taken off its own clause first, what is left of it off the others; and what nobody is due."""
    off = dict.fromkeys(due, 0)

    def take(some: list[dict[str, Any]], amount: int) -> int:
        for line in some:
            part = min(amount, max(due[line["at"]] - off[line["at"]], 0))
            off[line["at"]] += part
            amount -= part
        return amount

    left = [take([line for line in lines if line["clause"] in entry.clauses], entry.amount) for entry in paid]
    return off, take(lines, sum(left))


def _holders(lines: pl.DataFrame, policy: Policy) -> dict[tuple[str, str], set[str]]:
    """Whose each park or platform is now, of clauses that pay it again every year: it may have been sold."""
    yearly = []
    for clause in policy.clauses.values():
        table = policy.tables[clause.table]
        if not clause.once and table.object is not None and table.key == (table.object,):
            yearly.append(clause.id)
    held: dict[tuple[str, str], set[str]] = {}
    if yearly:
        for clause, thing, code in (
            lines.filter(pl.col("clause").is_in(yearly)).select("clause", "object", "code").rows()
        ):
            held.setdefault((clause, thing), set()).add(code)
    return held


def _owed(now: pl.DataFrame, lines: pl.DataFrame, policy: Policy, tables: Tables) -> dict[str, list[Payment]]:
    """The entries by the applicant whose lines they come off: its own, or whoever holds the object now."""
    held = _holders(lines, policy)
    owed: dict[str, list[Payment]] = {}
    for row in now.iter_rows(named=True):
        place = tables.place(row["part"], row["row"])
        entry = Payment(tuple(row["clauses"]), row["object"], row["amount"] or 0, row["amount"] is None, place)
        holders = {code for clause in entry.clauses for code in held.get((clause, entry.object or ""), ())}
        code = holders.pop() if len(holders) == 1 else row["code"]
        owed.setdefault(code, []).append(entry)
    return owed


def _ranks(policy: Policy) -> dict[str, int]:
    """The order in which lines bear what was paid: the policy's, the members of a group as they win ties."""
    outermost = [group for group in policy.groups if not any(group.id in other.members for other in policy.groups)]
    order: dict[str, None] = {}
    for clause in policy.clauses:
        group = next((group for group in outermost if clause in clauses_of(group.id, policy)), None)
        order |= dict.fromkeys([clause] if group is None else clauses_of(group.id, policy))
    return {clause: at for at, clause in enumerate(order)}


def _by_object(policy: Policy, clause: str) -> bool:
    rule = policy.clauses[clause]
    return rule.line_per != "applicant" and policy.tables[rule.table].object is not None


def _same_object(line: dict[str, Any], obj: str | None, policy: Policy) -> bool:
    if not _by_object(policy, str(line["clause"])) or obj is None or bool(line["stand_in"]):
        return True
    return bool((line["object"] or line["code"]) == obj)
