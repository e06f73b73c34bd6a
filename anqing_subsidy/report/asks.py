"""What is missing, by the money that hangs on it: whom to ask for what, in which order."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from anqing_subsidy.engine.unclaimed import unclaimed
from anqing_subsidy.finding import Lang
from anqing_subsidy.money import grouped, plain
from anqing_subsidy.report.data import ACTIVE
from anqing_subsidy.report.detail import Describer
from anqing_subsidy.report.missing_cells import WAITING, MissingCells
from anqing_subsidy.report.plain_table import table
from anqing_subsidy.report.sheets_layout import Column, Sheet, chosen, yuan
from anqing_subsidy.report.sheets_results import CODE, COUNTY, NAME

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from anqing_subsidy.engine.assessment import Assessment

SCHEMA: Final = "anqing-subsidy/missing/1"


@dataclass(frozen=True)
class Ask:
    """A fact that one applicant should fill in, and what hangs on it, in fen (None: nothing bounds it).

    `kind`: a line is pending without it, or (unclaimed) a clause is not asked for. `at_most`: the amount is the cap
    of a line whose base is blank. `beside`: what the same line lacks too. `rank` counts applicants, first to ask first; `worth` is what hangs on all that one lacks.
    """

    code: str
    name: str
    county: str
    fact: str
    cell: str
    clause: str
    clause_id: str
    kind: str
    amount: int | None
    at_most: bool
    beside: tuple[str, ...]
    applicant: int
    line: int
    rank: int = 0
    worth: int | None = None


class Asks:
    """Finds what is missing in an assessment, the most money first."""

    def __init__(self, assessment: Assessment, lang: Lang) -> None:
        self.assessment = assessment
        self.policy = assessment.policy
        self.lang: Lang = lang
        self.describer = Describer(assessment, lang)
        self.cells = MissingCells(self.describer)
        people = assessment.applicants.select("row", "code", "name", "county", "_part", "_row")
        self.people = {row[0]: row[1:] for row in people.rows()}

    def ranked(self) -> list[Ask]:
        """All of them: pending ones before unclaimed ones, applicants by what they could get, what nothing bounds first."""
        ranked: list[Ask] = []
        for asks in (list(self._pending()), list(self._unclaimed())):
            worth = self._worth(asks)
            order = sorted(worth, key=lambda who: (worth[who] is not None, -(worth[who] or 0), who))
            first = max((ask.rank for ask in ranked), default=0)
            places = {who: first + at for at, who in enumerate(order, start=1)}
            placed = [replace(ask, rank=places[ask.applicant], worth=worth[ask.applicant]) for ask in asks]
            ranked += sorted(placed, key=lambda ask: (ask.rank, ask.amount is not None, -(ask.amount or 0)))
        return ranked

    def _worth(self, asks: list[Ask]) -> dict[int, int | None]:
        """What hangs on the facts of each applicant: each line once, no more than groups leave possible."""
        lines: dict[int, dict[int, int | None]] = {}
        for ask in asks:
            lines.setdefault(ask.applicant, {})[ask.line] = ask.amount
        possible = dict(self.assessment.applicants.select("row", "potential").rows())
        worth: dict[int, int | None] = {}
        for who, amounts in lines.items():
            known = [amount for amount in amounts.values() if amount is not None]
            most = possible[who] if asks[0].kind == "pending" else None
            whole = sum(known) if most is None else min(sum(known), most)
            worth[who] = whole if len(known) == len(amounts) else None
        return worth

    def _clause(self, clause: str) -> str:
        rule = self.policy.clauses.get(clause)
        return f"{rule.article} {rule.title.say(self.lang)}" if rule is not None else clause

    def _pending(self) -> Iterator[Ask]:
        """What lines that wait lack."""
        lines = self.assessment.lines.filter(pl.col("status").is_in(WAITING))
        possible = dict(self.assessment.applicants.select("row", "potential").rows())
        for view in self.describer.views(lines):
            names = self.describer.sentences.missing.named(view)
            cells = self.cells.of(view, names)
            said = [view.line(name) for name in ("applicant", "clause", "potential", "amount", "status", "cap")]
            said.append(view.index.to_list())
            for lacks, where, applicant, clause, potential, amount, status, cap, line in zip(
                names, cells, *said, strict=True
            ):
                most = potential if potential is None else potential - (amount if status == "eligible_with_held" else 0)
                bounded = cap if most is None else most
                # no more than what the groups around a line leave possible for its applicant
                reachable = possible[applicant]
                if bounded is not None and reachable is not None:
                    bounded = min(bounded, reachable)
                code, name, county, _, _ = self.people[applicant]
                for fact in dict.fromkeys(lacks):
                    beside = tuple(other for other in dict.fromkeys(lacks) if other != fact)
                    yield Ask(
                        code or "", name or "", county or "", fact, where.get(fact, ""), self._clause(clause), clause, "pending",
                        bounded, most is None and cap is not None, beside, applicant, line,
                    )  # fmt: skip

    def _unclaimed(self) -> Iterator[Ask]:
        """What is blank beside the figures of a clause that nobody asks for."""
        for number, one in enumerate(unclaimed(self.assessment)):
            code, name, county, part, row = self.people[one.row]
            cell = self.describer.places.files.place(self.assessment.tables.place(part, row, one.fact.id))
            label = self.describer.words.label(one.fact)
            fixed = [cap for cap in self.policy.clauses[one.clause].cap if isinstance(cap, int)]
            cap = min(fixed, default=None)
            amount = cap if one.more is None else one.more
            yield Ask(
                code or "", name or "", county or "", label, cell, self._clause(one.clause), one.clause, "unclaimed",
                amount, one.more is None and cap is not None, (), one.row, number,
            )  # fmt: skip


def worded(ask: Ask, lang: Lang) -> str:
    """The money that hangs on a fact, in words."""
    if ask.amount is None:
        return "未定" if lang == "zh" else "not bounded"
    if ask.at_most:
        return f"至多 {grouped(ask.amount)}" if lang == "zh" else f"up to {grouped(ask.amount)}"
    return grouped(ask.amount)


def text_lines(asks: list[Ask], assessment: Assessment, lang: Lang, width: int) -> Iterator[str]:
    """The list as text: an applicant after the other, what it lacks and what hangs on it; then what cannot be read."""
    yield from _listed(asks, lang, width)
    invalid = assessment.lines.filter(pl.col("status") == "invalid")
    if invalid.height:
        people, count = invalid["applicant"].n_unique(), invalid.height
        yield (
            f"另有 {people:,} 户 {count:,} 条数据有误，更正后才能计算（单元格见 check）" if lang == "zh" else f"{count:,} lines of {people:,} applicants rest on cells that cannot be read; `check` names them"
        )  # fmt: skip


def _listed(asks: list[Ask], lang: Lang, width: int) -> Iterator[str]:
    zh = lang == "zh"
    if not asks:
        yield "不缺资料" if zh else "nothing is missing"
        return
    heads = ("序", "主体", "缺什么", "单元格", "影响的条款", "金额（元）") if zh else ("#", "applicant", "what is missing", "cell", "clause", "yuan")  # fmt: skip
    titles = {
        "pending": "待补资料（按可能金额）" if zh else "pending, by what is possible",
        "unclaimed": "有数据未申报（填写后可能）" if zh else "figures given but not claimed (if it is filled in)",
    }
    for kind, title in titles.items():
        rows: list[tuple[str, ...]] = []
        rank = 0
        for ask in asks:
            if ask.kind == kind:
                who = f"{ask.name} {ask.code}" if ask.rank != rank else ""
                rows.append((str(ask.rank) if who else "", who, ask.fact, ask.cell, ask.clause, worded(ask, lang)))
                rank = ask.rank
        if rows:
            yield title
            yield from table(heads, rows, (0, 5), width)
            yield ""
    people = len({ask.applicant for ask in asks})
    total = sum({ask.rank: ask.worth or 0 for ask in asks}.values())
    unbounded = len({ask.applicant for ask in asks if ask.worth is None})
    open_ = (
        (f"（另有 {unbounded:,} 户无法估算，不计）" if zh else f" ({unbounded:,} more cannot be bounded)")
        if unbounded
        else ""
    )
    yield (
        f"共 {people:,} 户 {len(asks):,} 处；可知的合计 {grouped(total)} 元，同一条的几处只算一次{open_}" if zh else f"{len(asks):,} fact{'s' if len(asks) != 1 else ''} of {people:,} applicant{'s' if people != 1 else ''}; what is bounded comes to {grouped(total)} yuan, each line counted once{open_}"
    )  # fmt: skip


def record(asks: list[Ask], assessment: Assessment) -> dict[str, Any]:
    """The list as JSON; money as text in yuan."""
    return {
        "schema": SCHEMA,
        "inputs": [{"path": source.path, "sha256": source.sha256} for source in assessment.tables.inputs],
        "missing": [
            {
                "rank": ask.rank, "kind": ask.kind, "uscc": ask.code, "name": ask.name, "county": ask.county or None, "fact": ask.fact,
                "cell": ask.cell or None, "clause": ask.clause_id, "amount": None if ask.amount is None else plain(ask.amount),
                "at_most": ask.at_most, "also_needed": list(ask.beside),
            }
            for ask in asks
        ],
    }  # fmt: skip


def csv_text(asks: list[Ask]) -> str:
    """The list as CSV; a text that a spreadsheet would run as a formula gets a leading apostrophe."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(
        ["rank", "kind", "uscc", "name", "county", "fact", "cell", "clause", "amount", "at_most", "also_needed"]
    )
    for ask in asks:
        amount = "" if ask.amount is None else plain(ask.amount)
        texts = [ask.kind, ask.code, ask.name, ask.county, ask.fact, ask.cell, ask.clause_id]
        safe = [f"'{word}" if word.startswith(ACTIVE) else word for word in (*texts, "; ".join(ask.beside))]
        rows.writerow([ask.rank, *safe[:-1], amount, "yes" if ask.at_most else "no", safe[-1]])
    return text.getvalue()


def write(asks: list[Ask], assessment: Assessment, lang: Lang, path: Path) -> None:
    """The list as a workbook to work through."""
    from anqing_subsidy.report.workbook import ROWS, write_sheets

    zh = lang == "zh"
    kinds = {"pending": "待补资料" if zh else "pending", "unclaimed": "未申报" if zh else "not claimed"}
    rows = [(ask.rank, kinds[ask.kind], ask.code, ask.name, ask.county, ask.fact, ask.cell, ask.clause, ask.amount, worded(ask, lang) if ask.at_most or ask.amount is None else "", ("；" if zh else "; ").join(ask.beside)) for ask in asks]  # fmt: skip
    schema = {"rank": pl.Int64, **dict.fromkeys(("kind", "code", "name", "county", "fact", "cell", "clause"), pl.String), "amount": pl.Int64, "note": pl.String, "beside": pl.String}  # fmt: skip
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    columns = [
        Column("序号" if zh else "Rank", pl.col("rank"), "count", 7),
        Column("类别" if zh else "Kind", pl.col("kind"), "long", 11),
        Column(CODE.say(lang), pl.col("code"), "code", 21),
        Column(NAME.say(lang), pl.col("name"), "long", 32),
        Column(COUNTY.say(lang), pl.col("county"), "long", 10),
        Column("缺什么" if zh else "Missing", pl.col("fact"), "long", 32),
        Column("单元格" if zh else "Cell", pl.col("cell"), "long", 24),
        Column("影响的条款" if zh else "Clause", pl.col("clause"), "long", 34),
        Column(yuan("金额" if zh else "Amount", lang), pl.col("amount"), "money", 16),
        Column("金额说明" if zh else "About the amount", pl.col("note"), "long", 16),
        Column("还须补" if zh else "Needed too", pl.col("beside"), "long", 26),
    ]
    sheet = Sheet("缺什么" if zh else "Missing", columns, chosen(frame, columns), 4)
    write_sheets(sheet.pages(ROWS), path, assessment.policy, lang)
