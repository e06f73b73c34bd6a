"""Between the lines of an applicant: routes of which the highest is paid, and what was paid this year already."""

from __future__ import annotations

from typing import Any

import polars as pl

from anqing_subsidy.engine.earlier import Paid
from anqing_subsidy.engine.reasons import RANK
from anqing_subsidy.finding import Finding, Text
from anqing_subsidy.money import grouped
from anqing_subsidy.policy.model import Group, Policy


def clauses_of(member: str, policy: Policy) -> list[str]:
    """The clauses behind a member of a group, in the order that wins ties."""
    group = next((group for group in policy.groups if group.id == member), None)
    return [member] if group is None else [clause for inner in group.members for clause in clauses_of(inner, policy)]


def supersede(lines: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """In each group that pays its highest member, the others with an amount are superseded."""
    for group in policy.groups:
        if group.pays == "highest":
            lines = _highest(lines, group, policy)
    return lines


def _highest(lines: pl.DataFrame, group: Group, policy: Policy) -> pl.DataFrame:
    place = {clause: at for at, member in enumerate(group.members) for clause in clauses_of(member, policy)}
    inside = pl.col("clause").is_in(list(place)) & (pl.col("amount") > 0)
    competing = lines.filter(inside).select("applicant", "clause", "amount", at=pl.int_range(pl.len(), dtype=pl.UInt32))
    if not competing.height:
        return lines
    competing = competing.with_columns(place=pl.col("clause").replace_strict(place, return_dtype=pl.Int64))
    sums = competing.group_by("applicant", "place").agg(pl.col("amount").sum())
    best = (
        sums.sort("applicant", "amount", "place", descending=[False, True, False])
        .group_by("applicant", maintain_order=True)
        .agg(pl.col("place").first().alias("best"))
    )
    lines = lines.with_columns(place=pl.col("clause").replace_strict(place, default=None, return_dtype=pl.Int64)).join(
        best, on="applicant", how="left", maintain_order="left"
    )
    beaten = (pl.col("place").is_not_null() & (pl.col("amount") > 0) & (pl.col("place") != pl.col("best"))).fill_null(
        value=False
    )
    return lines.with_columns(
        status=pl.when(beaten).then(pl.lit("superseded")).otherwise(pl.col("status")),
        reason=pl.when(beaten).then(pl.lit(RANK["SUPERSEDED"])).otherwise(pl.col("reason")),
        amount=pl.when(beaten).then(0).otherwise(pl.col("amount")),
        potential=pl.when(beaten).then(None).otherwise(pl.col("potential")),
        hi=pl.when(beaten).then(0).otherwise(pl.col("hi")),
    ).drop("place", "best")


def possible_total(lines: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Per applicant: the highest total after groups that is still possible; null where nothing bounds it."""
    frame = lines.select("applicant", "clause", "hi")
    sums = frame.group_by("applicant", "clause").agg(
        pl.when(pl.col("hi").is_null().any()).then(None).otherwise(pl.col("hi").sum()).alias("hi")
    )
    for group in policy.groups:
        members = {clause: member for member in group.members for clause in [member]}
        inside = sums.filter(pl.col("clause").is_in(list(members)))
        pick = pl.col("hi").max() if group.pays == "highest" else pl.col("hi").sum()
        merged = inside.group_by("applicant").agg(
            pl.when(pl.col("hi").is_null().any()).then(None).otherwise(pick).alias("hi")
        )
        merged = merged.select("applicant", pl.lit(group.id).alias("clause"), "hi")
        sums = pl.concat([sums.filter(~pl.col("clause").is_in(list(members))), merged])
    return sums.group_by("applicant").agg(
        pl.when(pl.col("hi").is_null().any()).then(None).otherwise(pl.col("hi").sum()).alias("hi")
    )


def pools_of(policy: Policy) -> dict[str, str]:
    """The outermost group that pays its highest member, by clause; clauses outside are a pool of their own."""
    pools = {clause: clause for clause in policy.clauses}
    for group in policy.groups:
        if group.pays == "highest":
            pools |= dict.fromkeys(clauses_of(group.id, policy), group.id)
    return pools


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
    pot: dict[tuple[str, str | None], tuple[int, bool]] = {}
    for clause, named, amount, blank in entries:
        key = (pools[clause], named if _by_object(policy, clause) else None)
        before, unsure = pot.get(key, (0, False))
        pot[key] = (before + amount, unsure or blank)
    over: dict[str, int] = {}
    for (pool, obj), (amount, blank) in pot.items():
        mine = [line for line in lines if pools[line["clause"]] == pool and _same_object(line, obj, policy)]
        rest = amount
        for line in mine:
            change = changes.setdefault(line["at"], {"off": 0, "off_hi": 0, "blank": False})
            change["blank"] = change["blank"] or blank
            due = line["amount"] - change["off"]
            take = min(rest, due) if due > 0 else 0
            change["off"] = change["off"] + take
            if take or line["amount"] == 0 or len(mine) == 1:
                change["off_hi"] = change["off_hi"] + (
                    take
                    if len(mine) > 1 and line["amount"] > 0 and obj is None and _by_object(policy, line["clause"])
                    else amount
                )
            rest -= take
        if rest > 0 and not any(
            line["status"] in ("eligible_with_held", "pending", "held") and (line["hi"] is None or line["hi"] >= amount)
            for line in mine
        ):
            over[pool] = over.get(pool, 0) + rest
    return over


def _by_object(policy: Policy, clause: str) -> bool:
    rule = policy.clauses[clause]
    return rule.line_per != "applicant" and policy.tables[rule.table].object is not None


def _same_object(line: dict[str, Any], obj: str | None, policy: Policy) -> bool:
    if not _by_object(policy, str(line["clause"])) or obj is None or bool(line["stand_in"]):
        return True
    return bool((line["object"] or line["code"]) == obj)
