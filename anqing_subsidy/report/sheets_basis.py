"""The sheet of what the result rests on: policy, readings, decisions by hand, inputs, version."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from anqing_subsidy.finding import Lang, Text
from anqing_subsidy.money import grouped
from anqing_subsidy.policy.derivations import InYuan
from anqing_subsidy.report.cut_short import CutShort
from anqing_subsidy.report.edition.groups import budget_words
from anqing_subsidy.report.edition.phrases import Phrases
from anqing_subsidy.report.formula_award import decimal_rate
from anqing_subsidy.report.sheets_layout import Column, Sheet, Tint, chosen, yuan
from anqing_subsidy.report.words import Wording

if TYPE_CHECKING:
    from fractions import Fraction

    from anqing_subsidy.engine.assessment import Assessment
    from anqing_subsidy.engine.budget_words import Cut

_Row = tuple[str, str, str, str, str, int | None, int | None]
_POLICY = Text("政策", "Policy")
_RATE = Text("汇率", "Exchange rate")
_BUDGET = Text("预算", "Budget")
_READING = Text("口径", "Reading")
_DECISION = Text("人工核定", "Decision by hand")
_INPUT = Text("输入文件", "Input")
_LEDGER = Text("账本", "Ledger")
_FUND = Text("资金", "Fund")
_NOTE = Text("说明", "Note")
_DEFAULT = Text("默认", "default")
_PROGRAM = Text("程序", "Program")
_ROUNDING = {"half_up_fen": Text("四舍五入到分", "half up, to the fen"), "down_fen": Text("舍到分", "down, to the fen")}


def basis(assessment: Assessment, detail: pl.DataFrame, lang: Lang, version: str) -> Sheet:
    """A row a matter; decisions carry the amount computed and the amount decided."""
    zh = lang == "zh"
    readings = _readings(assessment, lang)
    changed: dict[str, Tint] = {remark: "wait" for *_, remark, _, _ in readings if remark != _DEFAULT.say(lang)}
    columns = [
        Column("类别" if zh else "Kind", pl.col("kind"), "long", 14),
        Column("项目" if zh else "Item", pl.col("item"), "long", 38),
        Column("取值" if zh else "Value", pl.col("value"), "long", 36),
        Column("说明" if zh else "Meaning", pl.col("says"), "long", 50),
        Column("备注" if zh else "Remark", pl.col("remark"), "long", 30, tints=changed),
        Column(yuan("计算金额" if zh else "Computed", lang), pl.col("computed"), "money", 16),
        Column(yuan("核定金额" if zh else "Decided", lang), pl.col("decided"), "money", 16),
    ]
    rows = [
        *_policy(assessment, lang),
        *readings,
        *_decisions(detail, lang),
        *_inputs(assessment, lang),
    ]
    rows.append((_PROGRAM.say(lang), "anqing-subsidy", version, "", "", None, None))
    words = dict.fromkeys(("kind", "item", "value", "says", "remark"), pl.String)
    source = pl.DataFrame(rows, schema={**words, "computed": pl.Int64, "decided": pl.Int64}, orient="row")
    return Sheet(Text("口径与来源", "Basis").say(lang), columns, chosen(source, columns), 0)


def _policy(assessment: Assessment, lang: Lang) -> list[_Row]:
    policy = assessment.policy
    kind = _POLICY.say(lang)
    items = (
        (Text("名称", "title"), policy.title.say(lang)),
        (Text("编号", "id"), policy.id),
        (Text("出处", "source"), policy.source.say(lang)),
        (Text("年度", "year"), str(policy.year)),
        (Text("SHA-256", "SHA-256"), policy.sha256),
        (Text("舍入", "rounding"), _ROUNDING[policy.rounding].say(lang)),
    )
    rows: list[_Row] = [(kind, item.say(lang), value, "", "", None, None) for item, value in items]
    rows.extend(_rates(assessment, lang))
    rows.extend(_budgets(assessment, lang))
    rows.extend((_FUND.say(lang), fund, title.say(lang), "", "", None, None) for fund, title in policy.funds.items())
    notes = [(_FUND, policy.fund_note), *((_NOTE, note) for note in policy.notes)]
    rows.extend((of.say(lang), "", "", note.say(lang), "", None, None) for of, note in notes if note.say(lang))
    return rows


def _budgets(assessment: Assessment, lang: Lang) -> list[_Row]:
    """Every budget: how much there is, and what was due and by how much lines were cut, or that it sufficed."""
    policy = assessment.policy
    short, phrases = CutShort(Wording(policy, lang), assessment.cuts), Phrases(policy, lang)
    parts = (
        *(("clause", clause.id, clause.budget) for clause in policy.clauses.values()),
        *(("group", group.id, group.budget) for group in policy.groups),
        *(("fund", fund, budget) for fund, budget in policy.budgets.items()),
    )
    kind, enough = _BUDGET.say(lang), Text("够付，未压减", "it sufficed, nothing is cut").say(lang)
    rows: list[_Row] = []
    for of, id_, budget in parts:
        if budget is None:
            continue
        cuts = [cut for cut in assessment.cuts if (cut.kind, cut.id) == (of, id_)]
        rows += [
            (kind, short.title(cut), _yuan(cut.budget, lang), _due(cut, lang), _paid_first(cut, lang), None, None)
            for cut in cuts
        ]
        if not cuts:
            words = budget_words(budget, phrases)
            rows.append((kind, short.named(of, id_), _yuan(budget.sum, lang), words, enough, None, None))
    return rows


def _yuan(fen: int, lang: Lang) -> str:
    return grouped(fen) + (" 元" if lang == "zh" else " yuan")


def _due(cut: Cut, lang: Lang) -> str:
    """What was due of a budget, and by how much every line was cut."""
    return Text(
        f"应付 {grouped(cut.due)} 元，按比例压减（{cut.factor.zh}）",
        f"{grouped(cut.due)} yuan due, cut in proportion ({cut.factor.en})",
    ).say(lang)


def _paid_first(cut: Cut, lang: Lang) -> str:
    """What of a budget the lines that share it do not get."""
    parts = (
        (cut.fixed, Text("人工核定先付 ", "decided by hand and paid first: ")),
        (cut.ahead, Text("先付的条款 ", "clauses that are paid first: ")),
        (cut.kept, Text("为未定的留存 ", "kept back for open lines: ")),
    )
    return ("；" if lang == "zh" else "; ").join(words.say(lang) + _yuan(fen, lang) for fen, words in parts if fen)


def _rates(assessment: Assessment, lang: Lang) -> list[_Row]:
    """The rates of exchange, and what is converted by each."""
    policy = assessment.policy
    found: dict[Fraction, list[str]] = {}
    for ref, fact in policy.facts.items():
        if isinstance(fact.how, InYuan):
            found.setdefault(fact.how.rate, []).append(policy.label(ref).say(lang))
    item, comma = Text("1 美元", "1 US dollar").say(lang), "、" if lang == "zh" else ", "
    return [
        (
            _RATE.say(lang),
            item,
            decimal_rate(rate) + (" 元" if lang == "zh" else " yuan"),
            comma.join(facts),
            "",
            None,
            None,
        )
        for rate, facts in found.items()
    ]


def _readings(assessment: Assessment, lang: Lang) -> list[_Row]:
    rows: list[_Row] = []
    for reading in assessment.policy.readings.values():
        usual = reading.says.get(reading.default)
        changed = f"非默认；默认 {reading.default}" if lang == "zh" else f"NOT the default; default {reading.default}"
        remark = f"{changed}{'：' if lang == 'zh' else ': '}{usual.say(lang)}" if usual is not None else changed
        if reading.value == reading.default:
            remark = _DEFAULT.say(lang)
        says = reading.says.get(reading.value)
        rows.append(
            (
                _READING.say(lang),
                f"{reading.title.say(lang)} ({reading.id})",
                reading.value,
                says.say(lang) if says is not None else "",
                remark,
                None,
                None,
            )
        )
    return rows


def _decisions(detail: pl.DataFrame, lang: Lang) -> list[_Row]:
    decided = detail.filter("decided").select(
        "uscc",
        "name",
        "article",
        "title",
        "object_id",
        "reason_text",
        "status_text",
        "computed",
        pl.col("amount") + pl.col("netted"),
    )
    return [
        (
            _DECISION.say(lang),
            f"{code} {name or ''}".strip(),
            f"{article} {title} {thing or ''}".strip(),
            why or "",
            status,
            computed,
            amount,
        )
        for code, name, article, title, thing, why, status, computed, amount in decided.iter_rows()
    ]


def _inputs(assessment: Assessment, lang: Lang) -> list[_Row]:
    rows: list[_Row] = [
        (_INPUT.say(lang), file.path, file.sha256, "SHA-256", "", None, None) for file in assessment.tables.inputs
    ]
    seen = assessment.tables.ledger
    if seen is not None:
        upto = Text(f"第 {seen.run} 次登记，{seen.entries} 笔", f"up to run {seen.run}, {seen.entries} entries")
        what = Text("链头，登记本结果时核对", "head of its chain, looked at when this result is recorded")
        rows.append((_LEDGER.say(lang), seen.file, seen.head, what.say(lang), upto.say(lang), None, None))
    return rows
