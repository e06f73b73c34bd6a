"""The decisions sheet (domain page, 4): which decisions can be applied, and which rows they say count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from anqing_subsidy.engine.clause_words import ClauseWords
from anqing_subsidy.finding import Finding, Text
from anqing_subsidy.money import grouped
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.policy.rules import DecisionTable
from anqing_subsidy.tables import BAD, Tables

Row = Mapping[str, Any]


class Decisions:
    """The decisions of a run; what is wrong with one goes to `findings`, and it is not applied."""

    def __init__(self, policy: Policy, tables: Tables, words: ClauseWords) -> None:
        self.policy = policy
        self.tables = tables
        self.words = words
        self.findings: list[Finding] = []
        rule = policy.decisions
        frame = tables.frames.get(rule.table) if rule is not None else None
        self.rows: list[Row] = []
        self.contradicting: list[Row] = []
        self.chosen_rows: dict[tuple[int, int], list[Row]] = {}
        if rule is not None and frame is not None and frame.height:
            self.rows = self._sound(frame, rule)
            self._choose(rule)

    def say(self, row: Row, code: str, message: Text, fix: Text) -> None:
        """An error at a decision: it is not applied."""
        place = self.tables.place(int(row["_part"]), int(row["_row"]))
        self.findings.append(Finding("error", code, message, place, row.get(self.policy.payee.code), fix))

    def say_both(self, row: Row, clauses: Text) -> None:
        """A decision that leaves several lines paid of which only the best one counts: applied, and said."""
        place = self.tables.place(int(row["_part"]), int(row["_row"]))
        message = Text(
            f"核定后只取其一的条款同时兑现：{clauses.zh}",
            f"with what was decided, clauses are paid together of which only the best counts: {clauses.en}",
        )
        fix = Text(
            "确属应当兼得的不必改动；否则对另一条写“不予支持”", "leave it if both are meant, else refuse the other one"
        )
        self.findings.append(Finding("warning", "DECISION_BOTH_PAID", message, place, row[self.policy.payee.code], fix))

    def say_none(self, row: Row, clauses: Text) -> None:
        """A decision after which nothing of a group is paid, though another line of it would have been."""
        place = self.tables.place(int(row["_part"]), int(row["_row"]))
        message = Text(
            f"核定后同组各条均不兑现，{clauses.zh} 原按取高未付",
            f"with what was decided nothing of the group is paid; {clauses.en} would have been, had it been the best",
        )
        fix = Text("应付该条的，对它写“核定金额”", "set its amount if it is due instead")
        self.findings.append(Finding("warning", "DECISION_NONE_PAID", message, place, row[self.policy.payee.code], fix))

    def say_above(self, row: Row, clauses: Text, amount: int, cap: int) -> None:
        """An amount beyond a cap: paid as decided, and said."""
        place = self.tables.place(int(row["_part"]), int(row["_row"]))
        message = Text(
            f"核定后{clauses.zh}共 {grouped(amount)} 元，超过上限 {grouped(cap)} 元，仍按核定兑现",
            f"with what was decided {clauses.en} comes to {grouped(amount)} yuan, above the cap of {grouped(cap)} yuan; paid as decided",
        )
        fix = Text("确属特批的不必改动；否则改核定金额", "leave it where it is meant, else decide a smaller amount")
        self.findings.append(Finding("warning", "DECISION_ABOVE_CAP", message, place, row[self.policy.payee.code], fix))

    def say_room(self, row: Row, clauses: Text, room: int) -> None:
        """Room under a joint cap that a decision left: what the cap cut is not paid after all, and said."""
        place = self.tables.place(int(row["_part"]), int(row["_row"]))
        message = Text(
            f"核定后合计上限还余 {grouped(room)} 元，{clauses.zh} 仍按原来压减后的金额兑现",
            f"with what was decided {grouped(room)} yuan of the joint cap are left; {clauses.en} stays cut as it was",
        )
        fix = Text("应补足的，对该条写“核定金额”", "set the amount of that line if more is due")
        self.findings.append(
            Finding("warning", "DECISION_LEAVES_ROOM", message, place, row[self.policy.payee.code], fix)
        )

    def say_unclaimed(self, row: Row) -> None:
        """An amount set for a clause that nobody claimed: paid, and said."""
        place = self.tables.place(int(row["_part"]), int(row["_row"]))
        message = Text(
            "该主体未申报此条，按核定金额兑现", "the applicant does not claim this clause; the decided amount is paid"
        )
        fix = Text("核对条款是否写对", "check that the clause is the one meant")
        self.findings.append(Finding("warning", "DECISION_UNCLAIMED", message, place, row[self.policy.payee.code], fix))

    def say_disputed(self, row: Row, thing: str) -> None:
        """Releases of two claimants of one thing."""
        self.say(
            row,
            "DECISION_CONFLICT",
            Text(
                f"{thing} 由两方申报，两方都解除暂扣会重复兑现，均未采用",
                f"{thing} is claimed by two, and releasing both would pay it twice; neither is applied",
            ),
            Text("只对应得的一方解除，另一方写“不予支持”", "release the one that is due, and refuse the other"),
        )

    def say_not_chosen(self, row: Row) -> None:
        """A row that is said to count, and that nothing contradicts."""
        self.say(
            row,
            "DECISION_NO_LINE",
            Text(
                "指明的行没有与之矛盾的行，或指明了两行，或不属于该主体，核定未采用",
                "nothing of this applicant contradicts the row, or two rows are named; the decision is not applied",
            ),
            Text("核对代码和行号", "check the code and the row"),
        )

    def freeing(self) -> set[str]:
        """The codes of the applicants that a release is about."""
        rule = self.policy.decisions
        return {row[self.policy.payee.code] for row in self.rows if rule and row[rule.decision] == "release"}

    def say_conflict(self, row: Row) -> None:
        """Two decisions on one matter that differ."""
        self.say(
            row,
            "DECISION_CONFLICT",
            Text("同一事项有两条不同的核定，所涉各条暂扣", "two different decisions on one matter; its lines are held"),
            Text("只留一条", "keep one"),
        )

    def clauses(self, row: Row, rule: DecisionTable) -> list[str] | None:
        """The clauses that a decision means (empty: none of this name); None for the applicant as a whole."""
        return self.words.meaning(row[rule.clause]) if row[rule.clause] else None

    def _sound(self, frame: pl.DataFrame, rule: DecisionTable) -> list[Row]:
        """Rows that can be applied: a decision, with a reason and a name, that no other row contradicts."""
        typed = [name for name in frame.columns if name not in ("_part", "_row")]
        main = self.tables.frames.get(self.policy.main)
        known = set() if main is None else set(main[self.policy.payee.code].to_list())
        signed: list[Row] = []
        rows: Sequence[Row] = frame.unique(subset=typed, keep="first", maintain_order=True).to_dicts()
        for row in rows:
            if row[rule.decision] is None or row[self.policy.payee.code] is None:
                lacks = Text("核定意见或代码缺失，未采用", "the decision or the code is missing; not applied")
                self.say(row, "DECISION_UNCLEAR", lacks, Text("补全", "fill it in"))
            elif not row[rule.reason] or not row[rule.decided_by]:
                lacks = Text(
                    "核定须写明理由和核定人，未采用", "a decision needs its reason and who decided; not applied"
                )
                self.say(row, "DECISION_UNSIGNED", lacks, Text("补上理由和核定人", "add the reason and the name"))
            elif row[rule.decision] == "set" and row[rule.amount] is None:
                lacks = Text("核定金额为空，未采用", "the decided amount is blank; not applied")
                if row.get(rule.amount + BAD):
                    lacks = Text("核定金额无法识别，未采用", "the decided amount cannot be read; not applied")
                self.say(row, "DECISION_UNCLEAR", lacks, Text("填写核定金额", "fill in the amount"))
            elif row[self.policy.payee.code] not in known:
                code = row[self.policy.payee.code]
                lacks = Text(
                    f"申报主体中没有 {code}，核定未采用", f"there is no applicant {code}; the decision is not applied"
                )
                self.say(row, "ORPHAN", lacks, Text("核对代码", "check the code"))
            elif self.clauses(row, rule) == []:
                typed_as = row[rule.clause]
                lacks = Text(f"没有条款 {typed_as}，核定未采用", f"there is no clause {typed_as}; not applied")
                self.say(
                    row,
                    "UNKNOWN_CLAUSE",
                    lacks,
                    Text("写条款编号、条次或名称", "write a clause id, its article or title"),
                )
            else:
                signed.append(row)
        said: dict[object, set[object]] = {}
        for row in signed:
            said.setdefault(self._matter(row, rule), set()).add(effect(row, rule))
        found: list[Row] = []
        for row in signed:
            if len(said[self._matter(row, rule)]) > 1:
                self.say_conflict(row)
                self.contradicting.append(row)
            else:
                found.append(row)
        return found

    def _matter(self, row: Row, rule: DecisionTable) -> object:
        """What a decision is about; naming the row that counts is a matter of its own."""
        if row[rule.decision] == "use_row":
            return row["_part"], row["_row"]
        meant = self.clauses(row, rule)
        return row[self.policy.payee.code], None if meant is None else tuple(meant), row[rule.object]

    # ---- which duplicate row counts -------------------------------------------------------------

    def _choose(self, rule: DecisionTable) -> None:
        """The rows (part, row) that decisions name as the ones that count."""
        for row in self.rows:
            if row[rule.decision] != "use_row":
                continue
            found = self._row_named(str(row[rule.row_ref] or ""))
            if found is None:
                typed = row[rule.row_ref]
                self.say(
                    row,
                    "DECISION_UNCLEAR",
                    Text(f"采用的数据行 {typed or '(空)'} 找不到", f"the row {typed or '(blank)'} cannot be found"),
                    Text(
                        "写成 文件:表:行号，如 申报.xlsx:申报主体:5",
                        "write file:sheet:row, as in claims.xlsx:申报主体:5",
                    ),
                )
            else:
                self.chosen_rows.setdefault(found, []).append(row)

    def chosen_codes(self) -> dict[tuple[int, int], set[str]]:
        """The chosen rows, with the codes of the applicants that the decisions are about."""
        return {at: {row[self.policy.payee.code] for row in rows} for at, rows in self.chosen_rows.items()}

    def _row_named(self, text: str) -> tuple[int, int] | None:
        """`file:sheet:row` (or `sheet:row`, or `row`) -> part and row, if exactly one part fits."""
        *where, number = text.replace("：", ":").rsplit(":", 2)
        if not number.strip().isdigit():
            return None
        row = int(number)
        fits = []
        for at, part in enumerate(self.tables.parts):
            names = {part.file, part.file.replace("\\", "/").rsplit("/", 1)[-1]}
            sheets = {part.sheet or "", part.table, self.policy.tables[part.table].sheet}
            wanted = [word.strip() for word in where if word.strip()]
            matched = all(word in names or word in sheets for word in wanted)
            if matched and (wanted or part.table == self.policy.main):
                frame = self.tables.frames[part.table]
                if frame.filter((pl.col("_part") == at) & (pl.col("_row") == row)).height:
                    fits.append((at, row))
        return fits[0] if len(fits) == 1 else None


def effect(row: Row, rule: DecisionTable) -> object:
    """What a decision does, so that two of them can be compared."""
    return row[rule.decision], row[rule.amount] if row[rule.decision] == "set" else None
