"""Decisions by hand on lines (domain page, 4): never silent, the computed amount kept beside the decided one.

A release frees lines of what second claimants and mere applications hold, before routes and caps; an amount
set and a refusal stand at the end, outside every group. What was paid this year comes off either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import polars as pl

from anqing_subsidy.engine.between import JointCaps
from anqing_subsidy.engine.contested import contested
from anqing_subsidy.engine.decided import KEY, Amount, Key, computed, fixed, keyed, torn, with_extra, with_notes
from anqing_subsidy.engine.decided_groups import above_caps, between_lines
from anqing_subsidy.engine.decisions import Decisions, Row, effect
from anqing_subsidy.engine.facts import FactStore
from anqing_subsidy.engine.pools import Settled
from anqing_subsidy.engine.same_key import Chosen
from anqing_subsidy.finding import NOTHING, Text
from anqing_subsidy.money import grouped
from anqing_subsidy.policy.clauses import ByHand
from anqing_subsidy.policy.reads import tables_behind
from anqing_subsidy.policy.rules import DecisionTable

Line = dict[str, Any]

_OPEN: Final = ("held", "eligible_with_held", "pending")


class Deciding:
    """What the decisions of a run do to its lines, gathered first, so that the order of decisions does not matter.

    A decision that meets no line of its kind, or that another one contradicts, is an error and changes nothing.
    """

    def __init__(
        self, decisions: Decisions, rule: DecisionTable, store: FactStore, lines: pl.DataFrame, freed: pl.DataFrame
    ) -> None:
        """`lines` are those before routes; `freed` the same with nothing held of whoever a release is about."""
        self.decisions = decisions
        self.rule = rule
        self.store = store
        self.policy = decisions.policy
        codes = list({row[self.policy.payee.code] for row in (*decisions.rows, *decisions.contradicting)})
        self.lines = dict(_by_key(lines, codes))
        self.most = {key: line["hi"] for key, line in self.lines.items()}
        self.freed = dict(_by_key(freed, codes))
        self.mine: dict[str, list[Key]] = {code: [] for code in codes}
        for key in self.lines:
            self.mine[key[0]].append(key)
        self.hits: dict[Key, list[Row]] = {}
        for row in decisions.rows:
            self._gather(row)
        self._disputed()
        # lines on which decisions contradict each other are held
        differing = {key for row in decisions.contradicting for key in self._covered(row)[0]}
        agreed = {key: self._one_of(rows) for key, rows in self.hits.items()}
        self.agreed = {key: row for key, row in agreed.items() if row is not None and key not in differing}
        self.torn = differing | {key for key, row in agreed.items() if row is None and key in self.lines}

    # ---- which decision meets which line ----------------------------------------------------------

    def _covered(self, row: Row) -> tuple[list[Key], list[str] | None]:
        """The lines that a decision speaks of, and the clauses that it means (None: all)."""
        meant, named = self.decisions.clauses(row, self.rule), row[self.rule.object]
        mine = self.mine[row[self.policy.payee.code]]
        return [key for key in mine if (meant is None or key[1] in meant) and (named is None or key[2] == named)], meant

    def _gather(self, row: Row) -> None:
        kind = row[self.rule.decision]
        covered, meant = self._covered(row)
        if kind == "refuse":
            self._hit(row, covered)
            if not covered:
                self._no_line(row)
        elif kind == "release":
            released = [key for key in covered if self._frees(key)]
            self._hit(row, released)
            if not released:
                self._nothing_to_release(row)
        elif kind == "set":
            self._set(row, covered, meant or [])

    def _hit(self, row: Row, keys: list[Key]) -> None:
        for key in keys:
            self.hits.setdefault(key, []).append(row)

    def _frees(self, key: Key) -> bool:
        """Whether a release changes a line: something in it is held, and nothing else keeps it all back."""
        before, after = self.lines[key], self.freed.get(key)
        return (
            after is not None
            and before["status"] in _OPEN
            and not after["conflict"]
            and (before["status"], before["amount"]) != (after["status"], after["amount"])
        )

    def _set(self, row: Row, covered: list[Key], clauses: list[str]) -> None:
        code = row[self.policy.payee.code]
        limit = self._limit(covered, clauses)
        if limit is not None and int(row[self.rule.amount]) > limit:
            self.decisions.say(
                row,
                "DECISION_ABOVE_LIMIT",
                Text(
                    f"核定金额 {grouped(int(row[self.rule.amount]))} 元超过该条上限 {grouped(limit)} 元，未采用",
                    f"{grouped(int(row[self.rule.amount]))} yuan is above the limit of {grouped(limit)} yuan; not applied",
                ),
                Text("核定金额不得超过条款所定上限", "decide within the limit of the clause"),
            )
        elif len(covered) == 1:
            self._hit(row, covered)
        elif covered or len(clauses) != 1:
            self.decisions.say(
                row,
                "DECISION_UNCLEAR",
                Text(
                    "核定金额须指明唯一的一条（条款和对象），未采用",
                    "a decided amount must name exactly one line (clause and object); not applied",
                ),
                Text("写明条款，必要时写对象编号", "name the clause and, where there are several, the object"),
            )
        elif any(key[1] == clauses[0] for key in self.mine[code]):
            # the clause is there with other objects: a slip in the object would be paid twice
            self._no_line(row)
        else:
            self._hit(row, [(code, clauses[0], row[self.rule.object])])

    def _limit(self, covered: list[Key], clauses: list[str]) -> int | None:
        """The most that the policy lets a person decide, in fen; None where it sets no limit, or nobody knows it."""
        meant = {key[1] for key in covered} or set(clauses)
        shapes = [self.policy.clauses[clause].award.shape for clause in meant if clause in self.policy.clauses]
        limits = [shape.limit for shape in shapes if isinstance(shape, ByHand) and shape.limit is not None]
        if len(limits) != 1 or len(meant) != 1:
            return None
        # a limit that is a fact is asked of the line that claims it
        if isinstance(limits[0], int):
            return limits[0]
        most = [self.most[key] for key in covered if key in self.most]
        return most[0] if len(most) == 1 else None

    def _one_of(self, rows: list[Row]) -> Row | None:
        """The decision on one line, in words that do not depend on the order; nothing where several differ."""
        if len({effect(row, self.rule) for row in rows}) == 1:
            return min(rows, key=self._note)
        for row in rows:
            self.decisions.say_conflict(row)
        return None

    def _disputed(self) -> None:
        """Releases of two claimants of one thing contradict each other: neither is applied."""
        released = [key for key, rows in self.hits.items() if any(row[self.rule.decision] == "release" for row in rows)]
        for thing, keys in contested(self.policy, self.store, released):
            for key in keys:
                for row in self.hits.pop(key, []):
                    if row[self.rule.decision] == "release":
                        self.decisions.say_disputed(row, thing)
                    else:
                        self._hit(row, [key])

    def _no_line(self, row: Row) -> None:
        thing = row[self.rule.object]
        named = Text(f"（对象 {thing}）", f" (object {thing})") if thing else NOTHING
        self.decisions.say(
            row,
            "DECISION_NO_LINE",
            Text(
                f"该主体没有这一条{named.zh}，核定未采用",
                f"the applicant has no such line{named.en}; the decision is not applied",
            ),
            Text("核对条款和对象", "check the clause and the object"),
        )

    def _nothing_to_release(self, row: Row) -> None:
        if row[self.rule.amount] is not None:
            self.decisions.say(
                row,
                "DECISION_NO_LINE",
                Text(
                    "没有可解除的暂扣，填的核定金额未采用",
                    "no line is held; the amount beside a release is not applied",
                ),
                Text("定金额的，核定意见写“核定金额”", "to decide the amount write `set`"),
            )
            return
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

    # ---- what it does -----------------------------------------------------------------------------

    def _note(self, row: Row) -> str:
        """Reason and name of a decision, as the line shows them."""
        return f"{row[self.rule.reason]} — {row[self.rule.decided_by]}"

    def released(self, lines: pl.DataFrame, freed: pl.DataFrame) -> pl.DataFrame:
        """The lines, those released as they are with nothing held; `released` marks them."""
        keys = [key for key, row in self.agreed.items() if row[self.rule.decision] == "release"]
        if not keys:
            return lines.with_columns(released=pl.lit(value=False))
        marks = keyed(keys).with_columns(released=pl.lit(value=True))
        parts = [
            frame.join(marks, on=KEY, how="left", nulls_equal=True, maintain_order="left").with_columns(
                pl.col("released").fill_null(value=False)
            )
            for frame in (lines, freed)
        ]
        return pl.concat([parts[0].filter(~pl.col("released")), parts[1].filter("released")], how="diagonal")

    def settled(
        self, lines: pl.DataFrame, plain: pl.DataFrame, chosen: Mapping[tuple[int, int], Chosen], caps: JointCaps
    ) -> pl.DataFrame:
        """The lines with what was decided; `decided` marks all of them, `fixed` those whose amount was set or refused.

        `plain` are the lines after routes as they would be without any release: what was computed.
        """
        lines = computed(lines, plain)
        notes = self._rows_chosen(chosen, lines)
        changes: list[Amount] = []
        extra: list[Amount] = []
        for key, row in self.agreed.items():
            kind = row[self.rule.decision]
            notes[key] = self._note(row)
            if kind == "release":
                continue
            amount = int(row[self.rule.amount]) if kind == "set" else 0
            (changes if key in self.lines else extra).append((*key, amount))
            if key not in self.lines and not isinstance(self.policy.clauses[key[1]].award.shape, ByHand):
                self.decisions.say_unclaimed(row)
        lines = with_notes(fixed(lines, changes), notes)
        lines = torn(lines, [(*key, self._most(key)) for key in self.torn])
        lines = with_extra(lines, extra, self.store, notes)
        between_lines(self.decisions, lines, self.policy)
        above_caps(self.decisions, lines, self.policy, caps, self.agreed)
        return lines

    def settling(self) -> Settled:
        """The lines whose amount is set or refused, and those on which decisions differ: a pool is shared without them."""
        amounts = [
            (*key, int(row[self.rule.amount]) if row[self.rule.decision] == "set" else 0)
            for key, row in self.agreed.items()
            if row[self.rule.decision] in ("set", "refuse")
        ]
        return Settled(tuple(amounts), frozenset(self.torn))

    def _most(self, key: Key) -> int:
        """The largest amount that one of several decisions sets for a line."""
        rows = [*self.hits.get(key, []), *(row for row in self.decisions.contradicting if key in self._covered(row)[0])]
        return max((int(row[self.rule.amount]) for row in rows if row[self.rule.decision] == "set"), default=0)

    def _rows_chosen(self, settled: Mapping[tuple[int, int], Chosen], lines: pl.DataFrame) -> dict[Key, str]:
        """The row that counts was chosen before anything was computed; the lines that read it say so."""
        notes: dict[Key, str] = {}
        for (part, row_number), rows in self.decisions.chosen_rows.items():
            chosen = settled.get((part, row_number))
            for row in rows:
                if chosen is None or row[self.policy.payee.code] not in chosen.codes:
                    self.decisions.say_not_chosen(row)
                    continue
                for key in self._covered(row)[0]:
                    if chosen.table == self.policy.main or chosen.table in tables_behind(self.policy, key[1]):
                        notes[key] = self._note(row)
                own = [clause.id for clause in self.policy.clauses.values() if clause.table == chosen.table]
                beaten = lines.filter("beaten", pl.col("object") == (chosen.object or ""), pl.col("clause").is_in(own))
                notes |= dict.fromkeys(beaten.select(KEY).iter_rows(), self._note(row))
        return notes


def _by_key(lines: pl.DataFrame, codes: list[str]) -> Iterator[tuple[Key, Line]]:
    asked = lines.select(*KEY, "status", "amount", "conflict", "hi").filter(pl.col("code").is_in(codes))
    for line in asked.iter_rows(named=True):
        yield (line["code"], line["clause"], line["object"]), line
