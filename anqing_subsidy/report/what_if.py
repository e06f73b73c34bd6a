"""One applicant before and after some cells are changed: what was supposed, each line both ways, the totals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from anqing_subsidy.engine.compared import compared
from anqing_subsidy.money import grouped, plain
from anqing_subsidy.policy.terms import Ref
from anqing_subsidy.report.compare.words import clause_name, signed
from anqing_subsidy.report.detail import Describer
from anqing_subsidy.report.files import Files
from anqing_subsidy.report.plain_table import table
from anqing_subsidy.report.record import Recorder
from anqing_subsidy.report.record_conditions import place
from anqing_subsidy.report.words import STATUS, Wording, scripted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from anqing_subsidy.engine.assessment import Assessment
    from anqing_subsidy.engine.supposed import Cell
    from anqing_subsidy.finding import Lang

SCHEMA: Final = "anqing-subsidy/what-if/1"


class WhatIf:
    """An applicant before and after: two assessments of it alone."""

    def __init__(self, before: Assessment, after: Assessment, cells: Sequence[Cell], lang: Lang) -> None:
        self.before, self.after, self.cells = before, after, cells
        self.lang: Lang = lang
        self.words = Wording(before.policy, lang)
        self.comparison = compared(before, after)

    def text_lines(self, width: int) -> Iterator[str]:
        """What was supposed, a row a line, the totals, and why the lines that changed are what they would be."""
        say = self.words.say
        person = self.before.applicants.row(0, named=True)
        yield "  ".join(str(part) for part in (person["name"], person["code"], person["county"]) if part)
        yield say("试算，不改动文件，不作兑现依据：", "supposed; no file is changed and nothing is due on this:")
        files = Files(self.before.tables)
        for cell in self.cells:
            spot = files.place(cell.place)
            yield f"  {self._label(cell)}  {self._value(cell, before=True)} → {self._value(cell, before=False)}  [{spot}]"
        yield ""
        rows = [
            (self._title(row), self._status(row["status"]), self._status(row["status_after"]), grouped(row["before"]), grouped(row["after"]), signed(row["change"]))
            for row in self._rows()
        ]  # fmt: skip
        before, after = self.comparison.totals
        rows.append((say("合计", "total"), "", "", grouped(before), grouped(after), signed(after - before)))
        zh = ("条款", "原状态", "新状态", "原金额", "新金额", "增减")
        names = zh if self.lang == "zh" else ("clause", "status before", "status after", "before", "after", "change")
        yield from table(names, rows, (3, 4, 5), width)
        yield ""
        for title, text in self._why():
            yield f"{title}{say('：', ': ')}{text}"

    def _rows(self) -> list[dict[str, Any]]:
        """Each line on both sides, changed or not."""
        keys = ["clause", "object"]
        one, two = (side.lines.select(*keys, "status", "amount") for side in (self.before, self.after))
        both = one.join(two, on=keys, how="full", suffix="_after", coalesce=True, nulls_equal=True, maintain_order="left_right")  # fmt: skip
        order = {clause: at for at, clause in enumerate(self.before.policy.clauses)}
        first, second = pl.col("amount").fill_null(0), pl.col("amount_after").fill_null(0)
        both = both.with_columns(before=first, after=second, change=second - first)
        return sorted(both.iter_rows(named=True), key=lambda row: (order.get(row["clause"], 0), row["object"] or ""))

    def _title(self, row: dict[str, Any]) -> str:
        name = clause_name(self.comparison, row["clause"], self.lang)
        return f"{name} [{row['object']}]" if row["object"] else name

    def _status(self, status: str | None) -> str:
        return STATUS[status].say(self.lang) if status is not None else "—"

    def _why(self) -> Iterator[tuple[str, str]]:
        """The lines that changed, as they would be explained."""
        changed = {
            (row["clause"], row["object"])
            for row in self._rows()
            if row["change"] or row["status"] != row["status_after"]
        }
        said = Describer(self.after, self.lang).describe(self.after.lines)
        for at, line in enumerate(self.after.lines.iter_rows(named=True)):
            if (line["clause"], line["object"]) in changed:
                yield self._title(line), "  ".join(filter(None, (said.formula[at], said.reason_text[at])))

    def _label(self, cell: Cell) -> str:
        return self.words.label(Ref(cell.table, cell.column.id))

    def _value(self, cell: Cell, *, before: bool) -> str:
        if before and cell.was_bad:
            return self.words.say("无法识别", "cannot be read")
        return self.words.one(cell.before if before else cell.after, cell.column.type, Ref(cell.table, cell.column.id))

    def record(self) -> dict[str, Any]:
        """Both sides as the JSON result of one applicant, what was supposed, the change of each line."""
        before, after = self.comparison.totals
        sides = {}
        for name, side in (("before", self.before), ("after", self.after)):
            sides[name] = next(Recorder(side, self.lang).applicants())
        return {
            **Recorder(self.before, self.lang).head(),
            "schema": SCHEMA,
            "supposed": [
                {
                    "table": cell.table, "fact": cell.column.id, "before": scripted(cell.before, cell.column.type),
                    "after": scripted(cell.after, cell.column.type), "source": place(cell.place),
                }
                for cell in self.cells
            ],
            "change": plain(after - before),
            "lines": [
                {
                    "clause": row["clause"], "object_id": row["object"], "status_before": row["status"], "status_after": row["status_after"],
                    "before": plain(row["before"]), "after": plain(row["after"]), "change": plain(row["change"]),
                }
                for row in self._rows()
            ],
            **sides,
        }  # fmt: skip
