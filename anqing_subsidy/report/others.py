"""Who else keeps a place or a share open: whose facts are missing, and who is equal where nothing decides between them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import polars as pl

from anqing_subsidy.engine.derive.place import Order, order_of
from anqing_subsidy.policy.derivations import PlaceOf
from anqing_subsidy.policy.terms import Ref, refs_in
from anqing_subsidy.report.view import Rows, View
from anqing_subsidy.report.words import Wording

if TYPE_CHECKING:
    from anqing_subsidy.engine.assessment import Assessment

_MOST: Final = 3
_LOOKED_AT: Final = 8


class Others:
    """Names other applicants behind lines that wait for them."""

    def __init__(self, words: Wording, assessment: Assessment) -> None:
        self.words = words
        self.assessment = assessment
        self._orders: dict[Ref, Order] = {}

    def of_place(self, view: Rows, ref: Ref, how: PlaceOf) -> list[str]:
        """Why the place of each row is open: ties, figures of others; empty where only its own figure is missing."""
        if ref not in self._orders:
            self._orders[ref] = order_of(how, self.assessment.store.scope(ref.table))
        order = self._orders[ref]
        frame = pl.DataFrame({"first": order.first, "last": order.last, "met": order.met}).with_row_index("row")
        part = frame.filter(pl.col("met").fill_null(value=True))
        equal: dict[int, list[int]] = {}
        if how.ties == "open":
            alike = part.filter(pl.col("first") == pl.col("last")).group_by("first").agg("row")
            equal = dict(alike.filter(pl.col("row").list.len() > 1).rows())
        # who may be ahead and need not: its figures, or whether it takes part at all, are not known
        doubtful = part.filter(pl.col("met").is_null() | (pl.col("first") < pl.col("last"))).sort(
            "first", maintain_order=True
        )
        waiting, positions = doubtful["row"].to_list(), doubtful["first"].to_list()
        surely = dict(doubtful.filter(pl.col("met")).select("row", "last").rows())
        owners = self._owners(ref.table)
        found = []
        rows = view.column(view.scope.up(ref.table))
        for row, first, last in zip(
            rows.to_list(), *(end.gather(rows).to_list() for end in (order.first, order.last)), strict=True
        ):
            if first < last:
                found.append("")
                continue
            ahead = [one for one in waiting[: bisect_right(positions, first)] if surely.get(one, first) >= first]
            tied = self._few(owners, equal.get(first, ()), row, len(equal.get(first, ())))
            lacks = self._few(owners, ahead, row, len(ahead))
            said = [
                self.words.say(f"与 {tied} 并列", f"equal to {tied}") if tied else "",
                self._lacking(lacks, ref, how, ahead) if lacks else "",
            ]
            found.append(self.words.say("，", ", ").join(filter(None, said)))
        return found

    def _lacking(self, who: str, ref: Ref, how: PlaceOf, rows: Sequence[int]) -> str:
        """Whose facts are missing, and which: those of the first few rows."""
        scope = self.assessment.store.scope(ref.table, pl.Series(rows[:_LOOKED_AT], dtype=pl.UInt32))
        blank = [
            self.words.label(part)
            for part in dict.fromkeys(refs_in((how.among, how.by)))
            if scope.fact(part).lo.null_count()
        ]
        which = self.words.listed(blank)
        if not which:
            return self.words.say(f"{who} 的资料未齐", f"facts of {who} are missing")
        return self.words.say(f"{who} 的资料未齐：{which}", f"facts of {who} are missing: {which}")

    def of_share(self, view: View) -> str:
        """Whose facts the lines of a pool wait for."""
        own, status = pl.col("clause") == view.trace.clause.id, pl.col("status")
        # whoever waits for others alone has points, and is pending
        waits = (status == "pending") & pl.col("points").is_null()
        lines = self.assessment.lines.filter(own & (waits | status.is_in(("held", "eligible_with_held", "invalid"))))
        owners, open_ = self._owners(self.assessment.policy.main), lines["applicant"].to_list()
        return self._few(owners, open_, None, len(open_))

    def _owners(self, table: str) -> list[str]:
        """The applicant of each row by name, else by code."""
        policy, store = self.assessment.policy, self.assessment.store
        frame = store.rows[policy.main].frame
        names = frame.select(pl.coalesce(policy.payee.name, policy.payee.code, pl.lit("?"))).to_series()
        return names.to_list() if table == policy.main else names[store.rows[table].up[policy.main]].to_list()

    def _few(self, owners: Sequence[str], rows: Sequence[int], own: int | None, number: int) -> str:
        """The first of so many rows by their applicants, without the row itself."""
        names = dict.fromkeys(owners[row] for row in rows[: min(number, _LOOKED_AT)] if row != own)
        listing = self.words.say("、", ", ").join(list(names)[:_MOST])
        if len(names) <= _MOST and number <= _LOOKED_AT:
            return listing
        return listing + self.words.say(" 等", " and others")
