"""Entries of the policy year: what was paid this year is taken off what is due, for a line or its group."""

from __future__ import annotations

from typing import Any

import polars as pl

from anqing_subsidy.engine.between import clauses_of, pools_of
from anqing_subsidy.engine.earlier import Paid
from anqing_subsidy.engine.reasons import RANK
from anqing_subsidy.finding import Finding, Text
from anqing_subsidy.money import grouped
from anqing_subsidy.policy.model import Policy


def net(lines: pl.DataFrame, policy: Policy, paid: Paid, names: pl.Series) -> tuple[pl.DataFrame, list[Finding]]:
    """Take off what was paid in the policy year for a line or its group; nothing left is ALREADY_PAID."""
    lines = lines.with_columns(netted=pl.lit(0, dtype=pl.Int64))
    now = paid.of(policy.clauses, now=True)
    if not now.height:
        return lines, []
    pools = pools_of(policy)
    order = {
        clause: at
        for at, clause in enumerate(clause for group in policy.groups for clause in clauses_of(group.id, policy))
    }
    findings: list[Finding] = []
    owed: dict[str, list[tuple[str, str | None, int, bool]]] = {}
    for row in now.iter_rows(named=True):
        blank = row["amount"] is None
        entry_clause = row["clauses"][0]
        owed.setdefault(row["code"], []).append((entry_clause, row["object"], row["amount"] or 0, blank))
    changes: dict[int, dict[str, Any]] = {}
    wanted = ("at", "applicant", "code", "clause", "object", "amount", "status", "hi", "stand_in")
    touched: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for line in (
        lines.with_row_index("at").filter(pl.col("code").is_in(list(owed))).select(wanted).iter_rows(named=True)
    ):
        touched.setdefault((line["applicant"], line["code"]), []).append(line)
    for (applicant, code), mine in touched.items():
        mine.sort(key=lambda line: (order.get(line["clause"], len(order)), line["object"] or ""))
        left = _consume(mine, _with_holder(owed[code], code, policy), pools, policy, changes)
        for clause, over in left.items():
            name = names[applicant]
            findings.append(
                Finding(
                    "warning",
                    "OVERPAID",
                    Text(
                        f"{name}: {clause} 本年度已兑现的超过应兑现 {grouped(over)} 元",
                        f"{name}: paid {grouped(over)} yuan more this year for {clause} than is due",
                    ),
                    value=code,
                    fix=Text(
                        "核对本年度已兑现记录，必要时追回",
                        "check this year's awards paid; recover the difference if it stands",
                    ),
                )
            )
    if not changes:
        return lines, findings
    frame = pl.DataFrame(
        [{"at": at, **values} for at, values in changes.items()],
        schema={"at": pl.UInt32, "off": pl.Int64, "off_hi": pl.Int64, "blank": pl.Boolean},
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
        status=pl.when(gone & more & pl.col("rows_open_other")).then(pl.lit("pending"))
        .when(gone & more).then(pl.lit("held"))
        .when(gone).then(pl.lit("ineligible"))
        .when(paying & unsure).then(pl.lit("pending"))
        .otherwise(pl.col("status")),
        reason=pl.when(gone & ~more).then(pl.lit(RANK["ALREADY_PAID"])).when(paying & unsure & ~gone).then(pl.lit(RANK["MISSING_FACT"])).otherwise(pl.col("reason")),
        netted=pl.when(paying).then(pl.min_horizontal(off, "amount")).otherwise(0),
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
    return lines.drop("at", "off", "off_hi", "blank"), findings


def _with_holder(
    entries: list[tuple[str, str | None, int, bool]], code: str, policy: Policy
) -> list[tuple[str, str | None, int, bool]]:
    """Where a clause pays by object, a blank object is the holder itself."""
    return [
        (clause, code if obj is None and policy.clauses[clause].line_per == "object" else obj, amount, blank)
        for clause, obj, amount, blank in entries
    ]


def _consume(
    lines: list[dict[str, Any]],
    entries: list[tuple[str, str | None, int, bool]],
    pools: dict[str, str],
    policy: Policy,
    changes: dict[int, dict[str, Any]],
) -> dict[str, int]:
    """Set this year's payments of one applicant against its lines; what is left over was overpaid."""
    pots: dict[tuple[str, str | None], list[tuple[str, int, bool]]] = {}
    for clause, named, amount, blank in entries:
        pots.setdefault((pools[clause], named if _by_object(policy, clause) else None), []).append(
            (clause, amount, blank)
        )
    over: dict[str, int] = {}
    for (pool, obj), paid in pots.items():
        mine = [line for line in lines if pools[line["clause"]] == pool and _same_object(line, obj, policy)]
        whole = sum(amount for _, amount, _ in paid)
        for line in mine:
            change = changes.setdefault(line["at"], {"off": 0, "off_hi": 0, "blank": False})
            change["blank"] = change["blank"] or any(blank for *_, blank in paid)
        rest = _own_first(mine, [(clause, amount) for clause, amount, _ in paid], changes)
        for line in mine:
            taken = changes[line["at"]]["off"]
            spread = len(mine) > 1 and line["amount"] > 0 and obj is None and _by_object(policy, line["clause"])
            changes[line["at"]]["off_hi"] += taken if spread else whole
        still_open = any(
            line["status"] in ("eligible_with_held", "pending", "held") and (line["hi"] is None or line["hi"] >= whole)
            for line in mine
        )
        if rest > 0 and not still_open:
            over[pool] = over.get(pool, 0) + rest
    return over


def _own_first(lines: list[dict[str, Any]], paid: list[tuple[str, int]], changes: dict[int, dict[str, Any]]) -> int:
    """Each payment is taken off its own clause first, what is left of it off the others; the rest is returned."""
    left = []
    for clause, amount in paid:
        own = [line for line in lines if line["clause"] == clause]
        left.append(_take(own, amount, changes))
    return _take(lines, sum(left), changes)


def _take(lines: list[dict[str, Any]], amount: int, changes: dict[int, dict[str, Any]]) -> int:
    for line in lines:
        due = max(line["amount"] - changes[line["at"]]["off"], 0)
        take = min(amount, due)
        changes[line["at"]]["off"] += take
        amount -= take
    return amount


def _by_object(policy: Policy, clause: str) -> bool:
    rule = policy.clauses[clause]
    return rule.line_per != "applicant" and policy.tables[rule.table].object is not None


def _same_object(line: dict[str, Any], obj: str | None, policy: Policy) -> bool:
    if not _by_object(policy, str(line["clause"])) or obj is None or bool(line["stand_in"]):
        return True
    return bool((line["object"] or line["code"]) == obj)
