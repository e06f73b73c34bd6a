"""What holds beside the clauses, in words: rows that one claimant may bring, stand-ins, checks, sheets and columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from anqing_subsidy.finding import Text
from anqing_subsidy.money import percent
from anqing_subsidy.policy.terms import Ref
from anqing_subsidy.report.edition.phrases import Line, Phrases

if TYPE_CHECKING:
    from anqing_subsidy.policy.columns import Column, Table
    from anqing_subsidy.policy.rules import Check, Claimant, DeclaredRow, History

_SEVERITY: Final = {
    "error": Text("错误", "error"),
    "warning": Text("警告", "warning"),
    "info": Text("提示", "info"),
}


def history_words(history: History, words: Phrases) -> Iterator[str]:
    """What "for the first time" looks back on, what stands in where no year is known, and what a missing year means."""
    sheet, say = words.sheet(history.table), words.say
    if history.basis == "award":
        yield say("首次以已兑现的为准，不看历年数据", "the first time by what was paid, whatever earlier years came to")
        return
    yield say(f"首次以{sheet}表为准", f"the first time by {sheet}")
    for name, ref in history.declared.items():
        metric, column = words.label(Ref(history.table, name)), words.label(ref)
        yield say(
            f"{sheet}表中没有一年数据的，{metric}的以前年度最高数按“{column}”",
            f"where {sheet} has no year at all, the highest earlier {metric} is {column}",
        )
    if history.missing == "assume_none":
        yield say("缺少某年数据的视为未达到", "a missing year counts as below")
    elif history.declared:
        yield say("此外缺少某年数据的待补", "else a missing year leaves it open")
    else:
        yield say("缺少某年数据的待补", "a missing year leaves it open")


def claimant_words(rule: Claimant, words: Phrases) -> str:
    """Rows that two may not both bring, and who keeps them."""
    key, by = (words.label(Ref(rule.table, name)) for name in (rule.key, rule.claimant))
    where = words.sentence(rule.where, rule.table)
    sheet = words.sheet(rule.table)
    told = words.say(
        f"{sheet}中同一{key}由两个{by}申报的" + (f"（{where}）" if where else ""),
        f"the same {key} in {sheet} claimed by two ({by})" + (f" where {where}" if where else ""),
    )
    if rule.settle == "earliest" and rule.earliest is not None:
        day = words.label(Ref(rule.table, rule.earliest))
        return told + words.say(f"：归{day}最早的一方", f": kept by the one with the earliest {day}")
    return told + words.say("：两边暂扣", ": held in both")


def declared_words(rule: DeclaredRow, words: Phrases) -> str:
    """A row that stands in for a sheet that is not handed in."""
    sheet, parts = words.sheet(rule.table), []
    for name, value in rule.values.items():
        ref = Ref(rule.table, name)
        kind = words.policy.type_of(ref)
        told = words.label(value) if isinstance(value, Ref) else "" if value is None else words.value(value, kind, ref)
        parts.append(words.say(f"{words.label(ref)}取{told}", f"{words.label(ref)} = {told}"))
    return words.say(
        f"没有{sheet}时按申报表计一行：{words.listed(parts)}", f"without {sheet} a row of: {words.listed(parts)}"
    )


def check_words(check: Check, words: Phrases) -> str:
    """What should not be, and how grave it is."""
    grave, where = _SEVERITY[check.severity].say(words.lang), words.sentence(check.when, check.table)
    return words.say(
        f"{grave}：{check.message.zh}（{words.sheet(check.table)}中{where}）",
        f"{grave}: {check.message.en} ({words.sheet(check.table)} where {where})",
    )


def table_words(table: Table, words: Phrases) -> str:
    """A sheet: what makes a row distinct, whose it is, what its object is."""

    def named(names: tuple[str, ...]) -> str:
        return words.listed(words.label(Ref(table.id, name)) for name in names)

    told = [words.sheet(table.id), words.say(f"键 {named(table.key)}", f"key {named(table.key)}")]
    if table.parent is not None:
        told.append(words.say(f"属于{words.sheet(table.parent)}", f"rows of {words.sheet(table.parent)}"))
    if table.object is not None:
        told.append(words.say(f"对象 {named((table.object,))}", f"object {named((table.object,))}"))
    if table.distinct:
        told.append(words.say(f"不应重复 {named(table.distinct)}", f"not repeated: {named(table.distinct)}"))
    told.append(f"orphans: {table.orphans}" if table.parent is not None else "")
    suspect = table.unit_suspect
    if suspect is not None:
        told.append(
            f"unit_suspect: {named(suspect.columns)} < {words.money(suspect.below)}, {suspect.at_least}, {suspect.ratio}"
        )
    return words.say("；", "; ").join(filter(None, told))


def column_words(column: Column, words: Phrases) -> str:
    """A column: its header, type, unit, words, and what else is asked of it."""
    told = [column.type, *([column.unit] if column.unit else [])]
    if column.values is not None:
        told += [f"{id_}: {'/'.join(typed)}" for id_, typed in column.values.items()]
    told += [words.say("必填", "required")] if column.required else []
    told += [words.say("可填其他词", "other words too")] if column.open_values else []
    told += ["–".join(map(percent, column.range))] if column.range is not None else []
    told += [words.say("相同则可能关联", "equal ones may be one hand")] if column.relates else []
    told += [words.say(f"名称列 {column.named_by}", f"named by {column.named_by}")] if column.named_by else []
    told += (
        [words.say(f"又称 {'、'.join(column.aliases)}", f"also {', '.join(column.aliases)}")] if column.aliases else []
    )
    return f"{column.header} {column.en} ({words.say('；', '; ').join(told)})"


def rest_lines(words: Phrases) -> Iterator[tuple[str, str, list[Line]]]:
    """Claimants, stand-ins and checks of a policy, each with id and label."""
    policy, say = words.policy, words.say
    yield (
        "claimants",
        say("重复申报", "claimed twice"),
        [Line(0, claimant_words(one, words)) for one in policy.claimants],
    )
    stand_ins = [Line(0, declared_words(one, words)) for one in policy.declared_rows]
    yield "declared_rows", say("没有明细时", "without details"), stand_ins
    yield "checks", say("核对", "checks"), [Line(0, check_words(one, words)) for one in policy.checks]


def told(value: Any, words: Phrases) -> str:  # noqa: ANN401  # any part of a rule
    """A part of a rule that no sentence tells, as people would write it."""
    if isinstance(value, Ref):
        return words.label(value)
    if isinstance(value, Text):
        return value.say(words.lang)
    if isinstance(value, tuple):
        return words.listed(told(part, words) for part in value)
    if hasattr(value, "items"):
        return words.listed(f"{key}: {told(part, words)}" for key, part in value.items())
    return str(value)
