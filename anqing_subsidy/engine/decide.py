"""Decisions by hand on lines (domain page, 4): applied last, never silently, the computed amount kept beside."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import polars as pl

from anqing_subsidy.engine.between import clauses_of
from anqing_subsidy.engine.decisions import Decisions, Row, effect
from anqing_subsidy.engine.reasons import RANK
from anqing_subsidy.finding import Text
from anqing_subsidy.policy.model import DecisionTable, Policy

_HELD: Final = ("held", "eligible_with_held")
_ASKED: Final = (
    "at", "applicant", "clause", "object", "status", "hi", "rows_open_held", "held_counts", "applied", "rows_open_other", "conflict",
)  # fmt: skip

Line = dict[str, Any]


def decide(
    decisions: Decisions, lines: pl.DataFrame, applicants: pl.DataFrame, settled: Collection[tuple[int, int]]
) -> pl.DataFrame:
    """Lines with what was decided; `settled` are the chosen rows that ended a contradiction.

    A decision that meets no line of its kind, or that another one contradicts, is an error and changes nothing.
    """
    lines = lines.with_columns(decided=pl.lit(value=False), note=pl.lit(None, dtype=pl.String))
    rule = decisions.policy.decisions
    if rule is None or not decisions.rows:
        return lines
    deciding = _Deciding(decisions, rule, lines, applicants)
    for row in decisions.rows:
        if row[rule.decision] != "use_row":
            deciding.decide(row)
    for place, rows in decisions.chosen_rows.items():
        for row in rows:
            deciding.choose(row, ended=place in settled)
    decided = deciding.applied(lines)
    _both_paid(deciding, decided, decisions.policy)
    return decided


class _Deciding:
    """What the decisions of a run do to its lines, gathered first, so that the order of decisions does not matter."""

    def __init__(
        self, decisions: Decisions, rule: DecisionTable, lines: pl.DataFrame, applicants: pl.DataFrame
    ) -> None:
        self.decisions = decisions
        self.rule = rule
        self.code = decisions.policy.payee.code
        self.owners: dict[str, int] = dict(zip(applicants["code"], applicants["row"], strict=True))
        asked = {self.owners[row[self.code]] for row in decisions.rows}
        frame = lines.with_row_index("at").filter(pl.col("applicant").is_in(list(asked)))
        self.mine: dict[int, list[Line]] = {owner: [] for owner in asked}
        for line in frame.select(name for name in _ASKED if name in frame.columns).iter_rows(named=True):
            self.mine[line["applicant"]].append(line)
        self.hits: dict[int, list[tuple[Row, Line]]] = {}
        self.extra: dict[tuple[str, str, str | None], list[tuple[Row, Line]]] = {}
        self.notes: dict[int, str] = {}

    def _lines(self, row: Row) -> tuple[list[Line], list[str] | None]:
        """The lines that a decision speaks of, and the clauses that it means (None: all)."""
        meant = self.decisions.clauses(row, self.rule)
        mine = self.mine[self.owners[row[self.code]]]
        mine = [line for line in mine if meant is None or line["clause"] in meant]
        named = row[self.rule.object]
        return [line for line in mine if named is None or line["object"] == named], meant

    def _note(self, row: Row) -> str:
        """Reason and name of a decision, as the line shows them."""
        return f"{row[self.rule.reason]} — {row[self.rule.decided_by]}"

    def _hit(self, row: Row, line: Line, status: str, amount: int) -> None:
        self.hits.setdefault(line["at"], []).append((row, self._settled(row, status, amount)))

    def _settled(self, row: Row, status: str, amount: int) -> Line:
        return {"status": status, "amount": amount, "potential": None, "hi": amount, "note": self._note(row)}

    def choose(self, row: Row, *, ended: bool) -> None:
        """The row that counts was chosen before anything was computed; the lines say so."""
        if not ended:
            self.decisions.say(
                row,
                "DECISION_NO_LINE",
                Text(
                    "指明的行没有与之矛盾的行，或指明了两行，或不属于该主体，核定未采用",
                    "nothing of this applicant contradicts the row, or two rows are named; the decision is not applied",
                ),
                Text("核对代码和行号", "check the code and the row"),
            )
            return
        for line in self._lines(row)[0]:
            self.notes[line["at"]] = self._note(row)

    def decide(self, row: Row) -> None:
        """Set, release or refuse."""
        mine, meant = self._lines(row)
        kind = row[self.rule.decision]
        if kind == "refuse":
            for line in mine:
                self._hit(row, line, "ineligible", 0)
            if not mine:
                self._no_line(row)
        elif kind == "release":
            self._release(row, mine)
        elif kind == "set":
            self._set(row, mine, meant)

    def _release(self, row: Row, mine: list[Line]) -> None:
        # a release settles who may claim, not what is missing, nor which of two contradicting rows is true
        held = [
            line
            for line in mine
            if line["status"] in _HELD
            and (line["rows_open_held"] or line["held_counts"] or line["applied"])
            and not line["rows_open_other"]
            and not line["conflict"]
            and line["hi"] is not None
        ]
        for line in held:
            self._hit(row, line, "eligible", line["hi"])
        if not held:
            self.decisions.say(
                row,
                "DECISION_NO_LINE",
                Text(
                    "没有可解除的暂扣，或还有资料缺失、矛盾，核定未采用",
                    "no line is held by a claimant alone (a fact is missing, or rows contradict each other); not applied",
                ),
                Text(
                    "缺资料的补齐或用“核定金额”，矛盾的用“以此行为准”",
                    "supply what is missing or decide with `set`; name the row that counts with `use_row`",
                ),
            )

    def _set(self, row: Row, mine: list[Line], meant: list[str] | None) -> None:
        amount = int(row[self.rule.amount])
        status = "eligible" if amount else "ineligible"
        clauses = meant or []
        if len(mine) == 1:
            self._hit(row, mine[0], status, amount)
        elif mine or len(clauses) != 1:
            self.decisions.say(
                row,
                "DECISION_UNCLEAR",
                Text(
                    "核定金额须指明唯一的一条（条款和对象），未采用",
                    "a decided amount must name exactly one line (clause and object); not applied",
                ),
                Text("写明条款，必要时写对象编号", "name the clause and, where there are several, the object"),
            )
        elif any(line["clause"] in clauses for line in self.mine[self.owners[row[self.code]]]):
            # the clause is there with other objects: a slip in the object would be paid twice
            self._no_line(row)
        else:
            where = {"applicant": self.owners[row[self.code]], "code": row[self.code], "clause": clauses[0]}
            line = {**self._settled(row, status, amount), **where, "object": row[self.rule.object], "computed": 0}
            self.extra.setdefault((line["code"], line["clause"], line["object"]), []).append((row, line))

    def _no_line(self, row: Row) -> None:
        self.decisions.say(
            row,
            "DECISION_NO_LINE",
            Text("该主体没有这一条，核定未采用", "the applicant has no such line; the decision is not applied"),
            Text("核对条款和对象", "check the clause and the object"),
        )

    def _agreed(self, group: list[tuple[Row, Line]]) -> Line | None:
        """What the decisions on one line come to; nothing where they differ."""
        if len({effect(row, self.rule) for row, _ in group}) == 1:
            return min((line for _, line in group), key=lambda line: str(line["note"]))
        for row, _ in group:
            self.decisions.say_conflict(row)
        return None

    def applied(self, lines: pl.DataFrame) -> pl.DataFrame:
        """The lines with what was decided; lines that only a decision made come last."""
        changes = {at: line for at, group in self.hits.items() if (line := self._agreed(group)) is not None}
        extra = [line for group in self.extra.values() if (line := self._agreed(group)) is not None]
        noted = {at: {"note": note} for at, note in self.notes.items() if at not in changes}
        if changes or noted:
            lines = _changed(lines, changes | noted)
        return _with_extra(lines, extra) if extra else lines


def _changed(lines: pl.DataFrame, changes: dict[int, Line]) -> pl.DataFrame:
    new = {"status": pl.String, "amount": pl.Int64, "potential": pl.Int64, "hi": pl.Int64}
    update = pl.DataFrame(
        [
            {
                "at": at,
                "changed": "status" in to,
                "new_note": to["note"],
                **{f"new_{name}": to.get(name) for name in new},
            }
            for at, to in changes.items()
        ],
        schema={"at": pl.UInt32, "changed": pl.Boolean, "new_note": pl.String}
        | {f"new_{name}": kind for name, kind in new.items()},
    )
    frame = lines.with_row_index("at").join(update, on="at", how="left", maintain_order="left")
    changed = pl.col("changed").fill_null(value=False)
    return frame.with_columns(
        **{name: pl.when(changed).then(pl.col(f"new_{name}")).otherwise(pl.col(name)) for name in new},
        reason=pl.when(changed).then(pl.lit(RANK["DECIDED"])).otherwise(pl.col("reason")).cast(pl.Int64),
        decided=pl.col("changed").is_not_null(),
        note="new_note",
    ).drop("at", "changed", "new_note", *(f"new_{name}" for name in new))


def _with_extra(lines: pl.DataFrame, extra: list[Line]) -> pl.DataFrame:
    blank = {"gross": 0, "netted": 0, "base": 0, "less": 0, "received": 0, "units_off": 0}
    marks = {"moved": False, "declared": False, "at_threshold": False, "topped": False, "decided": True}
    rows = [{**blank, **marks, **line, "reason": RANK["DECIDED"]} for line in extra]
    lines = lines.with_columns(pl.col("reason").cast(pl.Int64))
    schema = {name: kind for name, kind in lines.schema.items() if name in rows[0]}
    return pl.concat([lines, pl.DataFrame(rows, schema=schema)], how="diagonal")


def _both_paid(deciding: _Deciding, lines: pl.DataFrame, policy: Policy) -> None:
    """Decisions come after the groups: where one makes two lines paid of which only the best counts, it is said."""
    for group in policy.groups:
        if group.pays != "highest":
            continue
        place = {clause: at for at, member in enumerate(group.members) for clause in clauses_of(member, policy)}
        paid = lines.filter(pl.col("clause").is_in(list(place)) & (pl.col("amount") > 0))
        paid = paid.with_columns(place=pl.col("clause").replace_strict(place, return_dtype=pl.Int64))
        both = paid.filter(
            (pl.col("place").n_unique() > 1).over("applicant") & pl.col("decided").any().over("applicant")
        )
        for (code,), own in both.group_by("code", maintain_order=True):
            row = next(row for row in deciding.decisions.rows if row[deciding.code] == code)
            clauses = "、".join(policy.clauses[clause].article for clause in own["clause"])
            deciding.decisions.say_both(row, Text(clauses, clauses))
