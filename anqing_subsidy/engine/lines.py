"""Rows become lines: each its own, or put together for an applicant or an object."""

from __future__ import annotations

from typing import Final

import polars as pl

from anqing_subsidy.engine.exact import flag, possible, times, whole
from anqing_subsidy.engine.facts import Scope
from anqing_subsidy.engine.run import ClauseScope, Run
from anqing_subsidy.engine.shapes import award_of
from anqing_subsidy.engine.support import Received
from anqing_subsidy.policy.clauses import Award, Clause, unit_of

_MARKS: Final = (
    "declared", "stand_in", "at_threshold", "held_counts", "spoilt", "bad", "bad_code", "beaten", "conflict", "fund_open", "moved",
    "rows_claimed", "rows_applied", "rows_open_other", "line_open_row", "certain",
)  # fmt: skip
_OF_ROWS: Final = (
    "applicant",
    "group",
    "code",
    "object",
    "row",
    "lo",
    "hi",
    "off",
    "unmoved",
    *_MARKS,
    "fail_reason",
    "open_reason",
    "blocked",
)


class LineMaker:
    """Makes the lines of one clause."""

    def __init__(self, run: Run, clause: Clause) -> None:
        self.run = run
        self.clause = clause

    def single(self, frame: pl.DataFrame, support: Received, scope: Scope, award: Award) -> pl.DataFrame:
        """One line a row: the row's amounts are the line's."""
        full_hi = frame["hi"]
        if unit_of(award) is not None:
            full_hi = award_of(award, ClauseScope(self.run, scope, None)).hi
        return frame.with_columns(
            full_hi.alias("full_hi"),
            support.definite.alias("excluded"),
            support.received.alias("received"),
            support.received_blank.alias("received_blank"),
            support.units.certain.alias("units_off"),
            support.units.most.alias("units_most"),
            support.unsure.alias("unsure"),
            support.applied.alias("applied"),
            (~frame["known"]).alias("own_open"),
            pl.Series("rows_claimed", frame["held_amount"] | frame["held_row"]),
            pl.Series("rows_applied", frame["applied_amount"]),
            pl.Series("rows_open_other", frame["open_amount"]),
            pl.Series("line_open_row", frame["held_row"]),
        ).with_columns(
            lo=pl.when(pl.col("held_row")).then(0).otherwise(pl.col("lo")),
        )

    def grouped(self, frame: pl.DataFrame, rows: str, den: int) -> tuple[pl.DataFrame, pl.Series, pl.DataFrame]:
        """Rows put together in one line an applicant, or an applicant and object.

        Besides the lines comes of each row its line, and (as `adds`, `elsewhere`, `beyond`) what it adds, whether other
        support certainly takes all of it, and whether as many rows as count at most pay more.
        """
        by_object = self.clause.line_per == "object"
        frame = self._named_support(frame, den)
        maybe = pl.col("verdict").fill_null(value=True) & ~pl.col("row_off")
        loose = pl.col("verdict").is_null() | ~pl.col("known") | pl.col("row_unsure") | pl.col("bad_row")
        held = pl.col("row_applied") | pl.col("held_row")
        frame = frame.with_columns(is_open=(loose | held) & maybe, other_open=loose & maybe)
        certain = pl.col("verdict").fill_null(value=False) & ~pl.col("is_open") & ~pl.col("row_off")
        frame = frame.with_columns(
            certain=certain,
            unmoved=pl.when(certain).then(pl.col("unmoved")).otherwise(0),
            lo=pl.when(certain).then(pl.col("lo")).otherwise(0),
            hi=pl.when(certain | pl.col("is_open")).then(pl.col("hi")).otherwise(0),
            group=pl.col("object").fill_null(pl.col("code")) if by_object else pl.lit(""),
        )
        # rows below that may or may not count leave open what a certain row comes to
        spread = pl.col("certain") & (pl.col("hi") > pl.col("lo")).fill_null(value=True)
        frame = frame.with_columns(
            spread_held=spread & pl.col("held_amount"), spread_other=spread & pl.col("open_amount")
        )
        frame = _most(frame, self.clause.most_rows)
        pays = pl.col("hi").is_null() | (pl.col("hi") > 0)
        alone = not frame.select("applicant", *(["group"] if by_object else [])).is_duplicated().any()
        frame = frame.with_columns(
            at_threshold=pl.col("at_threshold") & (alone or pl.len().over("applicant", "group") == 1),
            spoilt=pl.col("spoilt") | (pl.col("bad_row") & pl.col("is_open")),
            rows_claimed=(pl.col("is_open") & ~pl.col("other_open") & pl.col("held_row") & pays)
            | pl.col("spread_held"),
            rows_applied=pl.col("is_open") & ~pl.col("other_open") & pl.col("row_applied") & pays,
            rows_open_other=(pl.col("other_open") & pays) | pl.col("spread_other"),
            line_open_row=pl.col("is_open") & pays,
        )
        if not by_object:
            frame = frame.with_columns(object=pl.lit(None, dtype=pl.String))
        lines, line_of_row = (frame.select(_OF_ROWS), frame["row"]) if alone else _together(frame, rows)
        lines = lines.with_columns(
            own_open=pl.lit(value=False),
            full_hi=pl.col("hi") + pl.col("off") if rows == "add_up" else pl.max_horizontal("hi", "off"),
            # other support of all its rows is other support of the line
            all_off=(pl.col("lo") == 0) & ~pl.col("line_open_row") & (pl.col("off") > 0).fill_null(value=True),
        ).with_columns(
            # as of one row: what certainly holds is due, even where it comes to nothing
            verdict=pl.any_horizontal("certain", "rows_claimed", "rows_applied", "rows_open_other", "all_off")
        )
        codes = lines["code"]
        holder = lines["group"] if by_object else None
        support_rows = self.run.support.of(self.clause.id, by_units=False)
        if support_rows.height and not by_object:
            support_rows = support_rows.filter(pl.col("object").is_null())
        received = self.run.support.received(support_rows, codes, holder, lines["stand_in"] if by_object else None)
        lines = lines.with_columns(
            (received.definite | lines["all_off"]).alias("excluded"),
            received.received.alias("received"),
            received.received_blank.alias("received_blank"),
            whole(0, lines.height).alias("units_off"),
            whole(0, lines.height).alias("units_most"),
            received.unsure.alias("unsure"),
            received.applied.alias("applied"),
        )
        if by_object:
            # the holder itself is no object, whether its code was typed or left out
            lines = lines.with_columns(object=pl.when(pl.col("group") != pl.col("code")).then(pl.col("object")))
        each = frame.select("is_open", "beyond", adds="lo", elsewhere=pl.col("off").ne_missing(0))
        each = each.select("adds", pl.col("elsewhere") & ~pl.col("is_open"), "beyond")
        return lines.drop("group", "off", "all_off"), line_of_row, each

    def _named_support(self, frame: pl.DataFrame, den: int) -> pl.DataFrame:
        """Support that names the object of a row takes that row off, or leaves it open."""
        height = frame.height
        rows = self.run.support.of(self.clause.id, by_units=False)
        none = flag(False, height)
        if self.clause.line_per == "object" or not rows.height or rows["object"].null_count() == rows.height:
            return frame.with_columns(row_off=none, row_unsure=none, row_applied=none, off=whole(0, height))
        found = self.run.support.received(rows.filter(pl.col("object").is_not_null()), frame["code"], frame["object"])
        unsure, hi = found.unsure, frame["hi"].zip_with(possible(frame["verdict"]), whole(0, height))
        if self.run.support.effect == "top_up":
            less = times(found.received, den)
            frame = frame.with_columns(lo=(frame["lo"] - less).clip(0), hi=(frame["hi"] - less).clip(0))
            return frame.with_columns(
                row_off=none,
                row_unsure=unsure | found.received_blank,
                row_applied=found.applied & ~unsure,
                off=whole(0, height).zip_with((hi > less).fill_null(value=True) | ~found.definite, hi),
            )
        return frame.with_columns(
            row_off=found.definite,
            row_unsure=unsure & ~found.definite,
            row_applied=found.applied & ~unsure & ~found.definite,
            off=hi.zip_with(found.definite, whole(0, height)),
        )


def _most(frame: pl.DataFrame, most: int | None) -> pl.DataFrame:
    """Of each line only so many rows count: those that certainly pay most, those that possibly do; the rest is nothing."""
    if most is None:
        return frame.with_columns(beyond=pl.lit(value=False))
    line = ["applicant", "group"]
    # a row that nothing bounds may be the highest; of equal ones those that are certain come first
    unbounded = pl.col("hi").max().fill_null(0) + 1
    reach = pl.col("hi").fill_null(unbounded).cast(pl.Int128) * pl.lit(2, dtype=pl.Int128) + pl.col("certain").cast(
        pl.Int128
    )
    lo = pl.col("lo").rank("ordinal", descending=True).over(line) <= most
    hi = reach.rank("ordinal", descending=True).over(line) <= most
    return frame.with_columns(
        beyond=~lo & (pl.col("lo") > 0),
        lo=pl.when(lo).then("lo").otherwise(0),
        unmoved=pl.when(lo).then("unmoved").otherwise(0),
        hi=pl.when(hi).then("hi").otherwise(0),
    )


def _together(frame: pl.DataFrame, rows: str) -> tuple[pl.DataFrame, pl.Series]:
    """Rows of one group as one line, in the order of their first rows; and the line of each row."""

    def pick(name: str) -> pl.Expr:
        return pl.col(name).sum() if rows == "add_up" else pl.col(name).max()

    lines = frame.group_by("applicant", "group", maintain_order=True).agg(
        pl.col("code", "object", "row").first(),
        pick("lo"),
        pick("unmoved"),
        *(pl.when(pl.col(name).is_null().any()).then(None).otherwise(pick(name)).alias(name) for name in ("hi", "off")),
        pl.col(_MARKS).any(),
        pl.col("fail_reason", "open_reason").min(),
        pl.col("blocked").all(),
    )
    numbered = lines.select("applicant", "group").with_row_index("line")
    met = frame.select("applicant", "group").join(
        numbered, on=["applicant", "group"], how="left", maintain_order="left"
    )
    return lines, met["line"]
