"""Why a line is what it is: the first reason of the contract's order that explains its status."""

from __future__ import annotations

from typing import Final

import polars as pl

from anqing_subsidy.engine.exact import flag, sure, whole
from anqing_subsidy.engine.verdict import Test

STATUSES: Final = (
    "eligible",
    "eligible_with_held",
    "ineligible",
    "pending",
    "held",
    "excluded",
    "superseded",
    "invalid",
)
REASONS: Final = (
    "BAD_CODE",
    "INVALID_FACT",
    "DUPLICATE_CLAIM",
    "MISSING_FACT",
    "MISSING_HISTORY",
    "WRONG_KIND",
    "BELOW_THRESHOLD",
    "AT_THRESHOLD",
    "NOT_FIRST_TIME",
    "ALREADY_PAID",
    "OTHER_SUPPORT",
    "SUPERSEDED",
    "DECIDED",
    "CAPPED",
    "GRANTED",
)
RANK: Final = {reason: rank for rank, reason in enumerate(REASONS)}
_NONE: Final = len(REASONS)


def _fails(test: Test, height: int) -> pl.Series:
    """Where a test fails: the rank of the reason, elsewhere a rank past all reasons."""
    none = whole(_NONE, height)
    if test.branches:
        # of several ways the one that a number decides says most
        inner = none
        for branch in test.branches:
            failed = _branch_fails(branch, height)
            inner = failed.zip_with((failed != _NONE) & ((inner == _NONE) | (failed > inner)), inner)
        failed = ~test.met.fill_null(value=True)
        return inner.set(inner == _NONE, RANK["BELOW_THRESHOLD"]).zip_with(failed, none)
    failed = ~test.met.fill_null(value=True)
    reason = whole(
        {
            "past": RANK["BELOW_THRESHOLD"],
            "points": RANK["BELOW_THRESHOLD"],
            "key": RANK["BELOW_THRESHOLD"],
            "first": RANK["NOT_FIRST_TIME"],
            "unpaid": RANK["ALREADY_PAID"],
            "kept": RANK["DUPLICATE_CLAIM"],
        }.get(test.kind, RANK["WRONG_KIND"]),
        height,
    )
    if test.is_threshold:
        reason = whole(RANK["BELOW_THRESHOLD"], height)
    if test.equal is not None and (test.is_threshold or test.kind == "past"):
        reason = whole(RANK["AT_THRESHOLD"], height).zip_with(_lowest_equal(test), reason)
    return reason.zip_with(failed, none)


def _branch_fails(branch: tuple[Test, ...], height: int) -> pl.Series:
    """Why one of several ways fails: an equality only where nothing else does."""
    none = whole(_NONE, height)
    inner, equal = none, none
    for part in branch:
        failed = _fails(part, height)
        at = failed == RANK["AT_THRESHOLD"]
        equal = failed.zip_with(at, equal)
        inner = failed.zip_with(~at & (failed != _NONE) & ((inner == _NONE) | (failed > inner)), inner)
    return equal.zip_with(inner == _NONE, inner)


def _lowest_equal(test: Test) -> pl.Series:
    """Where only the equality fails."""
    return sure(test.equal) if test.equal is not None else flag(False, test.met.len())


def reason_columns(
    tests: tuple[Test, ...], shape_tests: tuple[Test, ...], once: tuple[Test, ...], height: int
) -> dict[str, pl.Series]:
    """Per row: why it fails, why it is open, and whether only what was paid before blocks it."""
    fail, opens = whole(_NONE, height), whole(_NONE, height)
    blocked = flag(False, height)
    for test in (*tests, *shape_tests, *once):
        failed = _fails(test, height)
        fail = failed.zip_with(failed < fail, fail)
        reason = whole(RANK["MISSING_FACT"], height)
        if test.kind == "first":
            reason = reason.zip_with(test.values["undated"], whole(RANK["MISSING_HISTORY"], height))
        unknown = reason.zip_with(test.met.is_null(), whole(_NONE, height))
        opens = unknown.zip_with(unknown < opens, opens)
    for test in once:
        blocked = blocked | ~test.met.fill_null(value=True)
    return {"fail_reason": fail, "open_reason": opens, "blocked": blocked}


def status_of(lines: pl.DataFrame) -> pl.DataFrame:
    """Status, amount, potential and reason of each line, in the order of the domain page."""
    failed = ~pl.col("verdict").fill_null(value=True)
    unknown = pl.col("verdict").is_null() | pl.col("own_open") | pl.col("fund_open") | pl.col("paid_unsure")
    spread = pl.col("rows_claimed") | pl.col("rows_applied") | (pl.col("rows_open_other") & ~pl.col("at_cap"))
    more = (pl.col("gross_hi") > pl.col("gross")).fill_null(value=True) | pl.col("line_open_row")
    nothing_sure = pl.col("net") == 0
    invalid = (pl.col("bad") | pl.col("bad_code")) & ~pl.col("beaten")
    is_open = spread & more
    settled = (
        pl.when(failed | pl.col("beaten")).then(pl.lit("ineligible"))
        .when(pl.col("used_up")).then(pl.lit("ineligible"))
        .when(pl.col("excluded")).then(pl.lit("excluded"))
        .when(unknown | pl.col("unsure") | (is_open & nothing_sure & pl.col("rows_open_other"))).then(pl.lit("pending"))
        .when(pl.col("applied")).then(pl.lit("held"))
        .when(is_open & nothing_sure).then(pl.lit("held"))
        .when(is_open | (pl.col("held_counts") & ~nothing_sure)).then(pl.lit("eligible_with_held"))
        .otherwise(pl.lit("eligible"))
    )  # fmt: skip
    open_statuses = ["eligible_with_held", "pending", "held"]
    lines = lines.with_columns(settled=settled)
    # what contradicting rows hold could become what it would be without the contradiction, and that may be nothing
    hi = (
        pl.when(invalid).then(0)
        .when(pl.col("settled") == "excluded").then(pl.col("full"))
        .when(pl.col("settled").is_in(open_statuses)).then(pl.col("net_hi"))
        .when(pl.col("settled") == "eligible").then(pl.col("net"))
        .otherwise(0)
    )  # fmt: skip
    lines = lines.with_columns(
        status=pl.when(invalid)
        .then(pl.lit("invalid"))
        .when(pl.col("conflict") & ~pl.col("beaten"))
        .then(pl.lit("held"))
        .otherwise(pl.col("settled")),
        hi=hi,
        # of an amount decided by hand where nothing was computed, no part is "without the fact that moves it"
        base=pl.when(invalid | pl.col("settled").is_in(["pending", "ineligible"])).then(0).otherwise(pl.col("base")),
    ).drop("settled")
    paid = pl.col("status").is_in(["eligible", "eligible_with_held"])
    open_status = pl.col("status").is_in(open_statuses)
    claimed = pl.col("rows_claimed") | pl.col("held_counts")
    held_reason = (
        pl.when(pl.col("spoilt")).then(pl.lit(RANK["INVALID_FACT"])).when(claimed).then(pl.lit(RANK["DUPLICATE_CLAIM"]))
    )
    pending_reason = pl.min_horizontal(
        held_reason.otherwise(pl.lit(_NONE)),
        pl.col("open_reason"),
        pl.when(unknown | pl.col("unsure") | pl.col("rows_open_other"))
        .then(pl.min_horizontal(pl.col("open_reason"), pl.lit(_NONE)))
        .otherwise(pl.lit(_NONE)),
    )
    pending_reason = pl.when(pending_reason == _NONE).then(pl.lit(RANK["MISSING_FACT"])).otherwise(pending_reason)
    reason = (
        pl.when(pl.col("bad_code")).then(pl.lit(RANK["BAD_CODE"]))
        .when(pl.col("bad")).then(pl.lit(RANK["INVALID_FACT"]))
        .when(pl.col("conflict")).then(pl.lit(RANK["DUPLICATE_CLAIM"]))
        .when(failed).then(pl.when(pl.col("fail_reason") == _NONE).then(pl.lit(RANK["BELOW_THRESHOLD"])).otherwise(pl.col("fail_reason")))
        .when(pl.col("status") == "ineligible").then(pl.lit(RANK["ALREADY_PAID"]))
        .when(pl.col("status") == "excluded").then(pl.lit(RANK["OTHER_SUPPORT"]))
        .when(pl.col("status") == "pending").then(pending_reason)
        .when((pl.col("status") == "held") & pl.col("applied") & ~nothing_sure).then(pl.lit(RANK["OTHER_SUPPORT"]))
        .when(pl.col("status").is_in(["held", "eligible_with_held"])).then(pl.when(claimed).then(pl.lit(RANK["DUPLICATE_CLAIM"])).when(pl.col("applied") | pl.col("rows_applied")).then(pl.lit(RANK["OTHER_SUPPORT"])).otherwise(pending_reason))
        .when((pl.col("gross") > pl.col("cap")).fill_null(value=False)).then(pl.lit(RANK["CAPPED"]))
        .otherwise(pl.lit(RANK["GRANTED"]))
    )  # fmt: skip
    return lines.with_columns(
        amount=pl.when(paid).then(pl.col("net")).otherwise(0),
        reason=reason,
    ).with_columns(
        potential=pl.when(open_status | (pl.col("status") == "excluded")).then(pl.col("hi")).otherwise(None),
        fail_reason=pl.col("fail_reason").cast(pl.Int64),
    )
