"""Decisions by hand (domain page, 4): applied last, never silently, each with a reason and who decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from anqing_subsidy.engine.clause_words import ClauseWords
from anqing_subsidy.engine.reasons import RANK
from anqing_subsidy.finding import Finding, Text
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.tables import Tables

_HELD = ("held", "eligible_with_held")


class Decisions:
    """The decisions sheet of a run; what is wrong with a decision goes to `findings`, and it is not applied."""

    def __init__(self, policy: Policy, tables: Tables) -> None:
        self.policy = policy
        self.tables = tables
        self.findings: list[Finding] = []
        self.rule = policy.decisions
        frame = tables.frames.get(self.rule.table) if self.rule else None
        self.rows: list[dict[str, Any]] = self._sound(frame) if frame is not None else []
        self.chosen_rows = self._chosen()
        self.changes: dict[int, dict[str, Any]] = {}
        self.extra: list[dict[str, Any]] = []

    def _say(self, row: Mapping[str, Any], code: str, zh: str, en: str, fix: Text) -> None:
        place = self.tables.place(int(row["_part"]), int(row["_row"]))
        self.findings.append(Finding("error", code, Text(zh, en), place, row.get(self.policy.payee.code), fix))

    def _sound(self, frame: pl.DataFrame) -> list[dict[str, Any]]:
        """Rows that can be applied: a decision, with a reason and a name, that no other row contradicts."""
        rule = self.rule
        if rule is None:
            return []
        found = []
        key = [self.policy.payee.code, rule.clause, rule.object]
        typed = [name for name in frame.columns if name not in ("_part", "_row")]
        for row in (
            frame.unique(subset=typed, keep="first", maintain_order=True)
            .with_columns(_twice=pl.struct(key).is_duplicated())
            .iter_rows(named=True)
        ):
            if row[rule.decision] is None or row[self.policy.payee.code] is None:
                self._say(
                    row,
                    "DECISION_UNCLEAR",
                    "核定意见或代码缺失，未采用",
                    "the decision or the code is missing; not applied",
                    Text("补全", "fill it in"),
                )
            elif not row[rule.reason] or not row[rule.decided_by]:
                self._say(
                    row,
                    "DECISION_UNSIGNED",
                    "核定须写明理由和核定人，未采用",
                    "a decision needs its reason and who decided; not applied",
                    Text("补上理由和核定人", "add the reason and the name"),
                )
            elif (
                frame.height > 1
                and row["_twice"]
                and row[rule.decision] != "use_row"
                and self._contradicted(frame, row, key)
            ):
                self._say(
                    row,
                    "DECISION_CONFLICT",
                    "同一事项有两条不同的核定，均未采用",
                    "two different decisions on one matter; neither is applied",
                    Text("只留一条", "keep one"),
                )
            elif row[rule.decision] == "set" and row[rule.amount] is None:
                self._say(
                    row,
                    "DECISION_UNCLEAR",
                    "核定金额为空，未采用",
                    "the decided amount is blank; not applied",
                    Text("填写核定金额", "fill in the amount"),
                )
            else:
                found.append(row)
        return found

    def _contradicted(self, frame: pl.DataFrame, row: Mapping[str, Any], key: list[str]) -> bool:
        rule = self.rule
        if rule is None:
            return False
        same = frame.filter(
            pl.all_horizontal(pl.col(name).eq_missing(row[name]) for name in key) & (pl.col(rule.decision) != "use_row")
        )
        return same.select(rule.decision, rule.amount).n_unique() > 1

    # ---- which duplicate row counts -------------------------------------------------------------

    def _chosen(self) -> frozenset[tuple[int, int]]:
        """The rows (part, row) that decisions name as the ones that count."""
        rule = self.rule
        if rule is None:
            return frozenset()
        chosen = set()
        for row in self.rows:
            if row[rule.decision] != "use_row":
                continue
            found = self._row_named(str(row[rule.row_ref] or ""))
            if found is None:
                self._say(
                    row, "DECISION_UNCLEAR", f"采用的数据行 {row[rule.row_ref] or '(空)'} 找不到", f"the row {row[rule.row_ref] or '(blank)'} cannot be found",
                    Text("写成 文件:表:行号，如 申报.xlsx:申报主体:5", "write file:sheet:row, as in claims.xlsx:申报主体:5"),
                )  # fmt: skip
            else:
                chosen.add(found)
        return frozenset(chosen)

    def _row_named(self, text: str) -> tuple[int, int] | None:
        """`file:sheet:row` (or `sheet:row`, or `row`) -> part and row, if exactly one part fits."""
        *where, number = text.replace("：", ":").rsplit(":", 2) if text.count(":") + text.count("：") >= 1 else [text]
        if not number.strip().isdigit():
            return None
        row = int(number)
        fits = []
        for at, part in enumerate(self.tables.parts):
            frame = self.tables.frames[part.table]
            names = {part.file, part.file.replace("\\", "/").rsplit("/", 1)[-1]}
            sheets = {part.sheet or "", part.table, self.policy.tables[part.table].sheet}
            wanted = [word.strip() for word in where if word.strip()]
            matched = all(word in names or word in sheets for word in wanted)
            if (
                matched
                and (wanted or part.table == self.policy.main)
                and frame.filter((pl.col("_part") == at) & (pl.col("_row") == row)).height
            ):
                fits.append((at, row))
        return fits[0] if len(fits) == 1 else None

    # ---- on lines -------------------------------------------------------------------------------

    def apply(self, lines: pl.DataFrame, applicants: pl.DataFrame, words: ClauseWords) -> pl.DataFrame:
        """Set, release, refuse; a decision that meets no line of its kind is an error."""
        lines = lines.with_columns(decided=pl.lit(value=False), note=pl.lit(None, dtype=pl.String))
        rule = self.rule
        if rule is None or not self.rows:
            return lines
        owners = dict(zip(applicants["code"], applicants["row"], strict=True))
        frame = lines.with_row_index("at")
        for row in self.rows:
            code = row[self.policy.payee.code]
            if code not in owners:
                self._say(
                    row,
                    "ORPHAN",
                    f"申报主体中没有 {code}，核定未采用",
                    f"there is no applicant {code}; the decision is not applied",
                    Text("核对代码", "check the code"),
                )
                continue
            clauses = words.meaning(row[rule.clause]) if row[rule.clause] else None
            if clauses == []:
                self._say(
                    row,
                    "UNKNOWN_CLAUSE",
                    f"没有条款 {row[rule.clause]}，核定未采用",
                    f"there is no clause {row[rule.clause]}; not applied",
                    Text("写条款编号、条次或名称", "write a clause id, its article or title"),
                )
                continue
            mine = frame.filter(pl.col("applicant") == owners[code])
            if clauses is not None:
                mine = mine.filter(pl.col("clause").is_in(clauses))
            if row[rule.object] is not None:
                mine = mine.filter(pl.col("object").eq_missing(row[rule.object]))
            self._one(row, mine, clauses, owners[code])
        return self._with(frame)

    def _one(
        self,
        row: Mapping[str, Any],
        mine: pl.DataFrame,
        clauses: list[str] | None,
        owner: int,
    ) -> None:
        rule = self.rule
        if rule is None:
            return
        kind = row[rule.decision]
        if kind == "use_row":
            for at in mine["at"]:
                self.changes.setdefault(at, {})["note"] = self._note(row)
        elif kind == "refuse":
            for at in mine["at"]:
                self.changes[at] = self._settled(row, "ineligible", 0)
            if not mine.height:
                self._no_line(row)
        elif kind == "release":
            # a release settles who may claim, not what is missing, nor which of two contradicting rows is true
            held = mine.filter(
                pl.col("status").is_in(_HELD)
                & (pl.col("rows_open_held") | pl.col("applied"))
                & ~pl.col("rows_open_other")
                & ~pl.col("conflict")
                & pl.col("hi").is_not_null()
            )
            for line in held.iter_rows(named=True):
                self.changes[line["at"]] = self._settled(row, "eligible", line["hi"])
            if not held.height:
                self._say(
                    row,
                    "DECISION_NO_LINE",
                    "没有可解除的暂扣，或还有资料缺失、矛盾，核定未采用",
                    "no line is held by a claimant alone (a fact is missing, or rows contradict each other); not applied",
                    Text(
                        "缺资料的补齐或用“核定金额”，矛盾的用“以此行为准”",
                        "supply what is missing or decide with `set`; name the row that counts with `use_row`",
                    ),
                )
        elif kind == "set":
            self._set(row, mine, clauses, owner)

    def _note(self, row: Mapping[str, Any]) -> str:
        """Reason and name of a decision, as the line shows them."""
        rule = self.rule
        return f"{row[rule.reason]} — {row[rule.decided_by]}" if rule is not None else ""

    def _settled(self, row: Mapping[str, Any], status: str, amount: int) -> dict[str, Any]:
        return {"status": status, "amount": amount, "potential": None, "hi": amount, "note": self._note(row)}

    def _set(
        self,
        row: Mapping[str, Any],
        mine: pl.DataFrame,
        clauses: list[str] | None,
        owner: int,
    ) -> None:
        rule = self.rule
        if rule is None:
            return
        amount = int(row[rule.amount])
        settled = self._settled(row, "eligible" if amount else "ineligible", amount)
        if mine.height == 1:
            self.changes[mine["at"][0]] = settled
        elif mine.height == 0 and clauses is not None and len(clauses) == 1:
            self.extra.append(
                {
                    **settled,
                    "applicant": owner,
                    "code": row[self.policy.payee.code],
                    "clause": clauses[0],
                    "object": row[rule.object],
                    "computed": 0,
                }
            )
        else:
            self._say(
                row, "DECISION_UNCLEAR", "核定金额须指明唯一的一条（条款和对象），未采用", "a decided amount must name exactly one line (clause and object); not applied",
                Text("写明条款，必要时写对象编号", "name the clause and, where there are several, the object"),
            )  # fmt: skip

    def _no_line(self, row: Mapping[str, Any]) -> None:
        self._say(
            row,
            "DECISION_NO_LINE",
            "该主体没有这一条，核定未采用",
            "the applicant has no such line; the decision is not applied",
            Text("核对条款和对象", "check the clause and the object"),
        )

    def _with(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The lines with what was decided; lines that only a decision made come last."""
        if self.changes:
            new = {"status": pl.String, "amount": pl.Int64, "potential": pl.Int64, "hi": pl.Int64}
            update = pl.DataFrame(
                [
                    {
                        "at": at,
                        "changed": "status" in to,
                        "new_note": to["note"],
                        **{f"new_{name}": to.get(name) for name in new},
                    }
                    for at, to in self.changes.items()
                ],
                schema={"at": pl.UInt32, "changed": pl.Boolean, "new_note": pl.String}
                | {f"new_{name}": kind for name, kind in new.items()},
            )
            frame = frame.join(update, on="at", how="left", maintain_order="left")
            changed = pl.col("changed").fill_null(value=False)
            frame = frame.with_columns(
                **{name: pl.when(changed).then(pl.col(f"new_{name}")).otherwise(pl.col(name)) for name in new},
                reason=pl.when(changed).then(pl.lit(RANK["DECIDED"])).otherwise(pl.col("reason")),
                decided=pl.col("changed").is_not_null(),
                note="new_note",
            ).drop("changed", "new_note", *(f"new_{name}" for name in new))
        lines = frame.drop("at").with_columns(pl.col("reason").cast(pl.Int64))
        if not self.extra:
            return lines
        blank = {"gross": 0, "netted": 0, "base": 0, "less": 0, "received": 0, "units_off": 0}
        marks = {"moved": False, "declared": False, "at_threshold": False, "topped": False, "decided": True}
        rows = [{**blank, **marks, **line, "reason": RANK["DECIDED"]} for line in self.extra]
        schema = {name: kind for name, kind in lines.schema.items() if name in rows[0]}
        return pl.concat([lines, pl.DataFrame(rows, schema=schema)], how="diagonal")
