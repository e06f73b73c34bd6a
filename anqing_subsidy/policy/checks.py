"""What is legal in form and contradicts itself: names used twice, parents in a circle, groups within themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from anqing_subsidy.policy.clauses import Clause
from anqing_subsidy.policy.faults import HOLE, Faults, nearest, unknown
from anqing_subsidy.policy.names import Labels
from anqing_subsidy.policy.schema import PolicyDoc
from anqing_subsidy.policy.schema_clauses import BudgetDoc


def check_tables(doc: PolicyDoc, faults: Faults) -> None:
    """Sheets and headers that could not be told apart, columns that are not there."""
    sheets: dict[str, str] = {}
    for id_, table in doc.tables.items():
        _once(sheets, table.sheet, id_, table.at("sheet"), faults, "表名", "sheet name")
        headers: dict[str, str] = {}
        for name, column in table.columns.items():
            for word in dict.fromkeys((column.header, *column.aliases)):
                _once(headers, word, name, column.line, faults, "表头", "header")
        _check_keys(doc, id_, faults)
        suspect = table.unit_suspect
        lines = [(name, table.at("distinct", at)) for at, name in enumerate(table.distinct)]
        if suspect is not None:
            lines += [(name, suspect.at("columns", at)) for at, name in enumerate(suspect.columns)]
        lines += [(column.named_by, column.at("named_by")) for column in table.columns.values() if column.named_by]
        for name, line in lines:
            if unknown(name, table.columns):
                hint = nearest(name, table.columns)
                faults.add(line, f"表 {id_} 没有列 {name}{hint.zh}", f"table `{id_}` has no column `{name}`{hint.en}")
    for name, values in doc.enums.items():
        words: dict[str, str] = {}
        for option, typed in values.items():
            for word in dict.fromkeys(typed):
                _once(
                    words,
                    word,
                    option,
                    doc.at("enums", name, option),
                    faults,
                    f"取值表 {name} 的词",
                    f"word of `{name}`",
                )
    for word in doc.yes_no.false if doc.yes_no else ():
        if word != HOLE and doc.yes_no and word in doc.yes_no.true:
            faults.add(
                doc.yes_no.at("false"),
                f"“{word}”既是“是”又是“否”: 删去其一",
                f"`{word}` means both yes and no: drop one",
            )


_WORDS: Final = ("text", "uscc", "enum")


def _check_keys(doc: PolicyDoc, id_: str, faults: Faults) -> None:
    """The columns by which a row names its parent, and that of its object."""
    table = doc.tables[id_]
    parent = doc.tables.get(table.parent) if table.parent is not None else None
    for key in parent.key if parent is not None else ():
        theirs = parent.columns.get(key) if parent is not None else None
        if unknown(key, table.columns):
            faults.add(
                table.at("parent"),
                f"表 {id_} 没有上级 {table.parent} 的键 {key}，不知道哪一行属于谁: 加上名为 {key} 的列",
                f"table `{id_}` has no column `{key}`, the key of its parent `{table.parent}`: nobody knows whose a row is",
            )
        elif theirs is not None and key in table.columns:
            mine = table.columns[key]
            if HOLE not in (mine.type, theirs.type) and _alike(mine.type) != _alike(theirs.type):
                faults.add(
                    mine.at("type"),
                    f"列 {key} 是 {mine.type}，上级 {table.parent} 的是 {theirs.type}: 改成一致",
                    f"column `{key}` is {mine.type}, and {theirs.type} in its parent `{table.parent}`: make them alike",
                )
    thing = table.columns.get(table.object) if table.object is not None else None
    if thing is not None and thing.type not in (*_WORDS, HOLE):
        faults.add(
            table.at("object"),
            f"object 不能用列 {table.object}（{thing.type}），只能是 {', '.join(_WORDS)}",
            f"`object` cannot be column `{table.object}` ({thing.type}); it takes {', '.join(_WORDS)}",
        )


def _alike(kind: str) -> str:
    return "text" if kind in _WORDS else kind


def _once(seen: dict[str, str], word: str, owner: str, line: int, faults: Faults, zh: str, en: str) -> None:
    if word != HOLE and seen.setdefault(word, owner) != owner:
        faults.add(
            line,
            f"{zh} {word} 同属 {seen[word]} 和 {owner}: 改其一",
            f"{en} `{word}` stands for both `{seen[word]}` and `{owner}`: change one",
        )


def in_a_circle(parents: Mapping[str, str | None]) -> set[str]:
    """The tables that are their own ancestors, or have such an ancestor."""
    found = set()
    for start in parents:
        seen: set[str] = set()
        table: str | None = start
        while table is not None and table not in seen:
            seen.add(table)
            table = parents.get(table)
        if table is not None:
            found.add(start)
    return found


def labels_of(doc: PolicyDoc) -> dict[str, Labels]:
    """What people call each clause: its title in both languages, its article."""
    return {clause.id: (clause.title.zh, clause.title.en, clause.article) for clause in doc.clauses}


def check_groups(doc: PolicyDoc, faults: Faults) -> None:
    """Each clause and group stands in one group at the most, once, and in none that it contains."""
    clauses = {clause.id for clause in doc.clauses}
    known = [*(clause.id for clause in doc.clauses), *(group.id for group in doc.groups)]
    home: dict[str, str] = {}
    ids: set[str] = set()
    titles = labels_of(doc)
    for group in doc.groups:
        if group.id != HOLE and (group.id in clauses or group.id in ids):
            faults.add(
                group.at("id"),
                f"分组 {group.id} 与条款或另一分组同名: 改名",
                f"group `{group.id}` has the id of a clause or another group: rename it",
            )
        ids.add(group.id)
        for at, member in enumerate(group.members):
            line = group.at("members", at)
            if unknown(member, known):
                hint = nearest(member, [other for other in known if other != group.id], titles)
                faults.add(
                    line,
                    f"分组 {group.id} 的成员 {member} 不存在{hint.zh}",
                    f"group `{group.id}` has an unknown member `{member}`{hint.en}",
                )
            elif member in home:
                faults.add(line, f"{member} 在分组里出现两次: 删去其一", f"`{member}` stands in groups twice: drop one")
            elif member != HOLE:
                home[member] = group.id
    circle = in_a_circle(dict(home))
    for group in doc.groups:
        if group.id in circle and group.id != HOLE:
            faults.add(
                group.at("members"),
                f"分组 {group.id} 包含自己: 从成员中删去",
                f"group `{group.id}` contains itself: take it out of the members",
            )


def check_budgets(doc: PolicyDoc, clauses: Mapping[str, Clause], faults: Faults) -> None:
    """What is paid first out of a budget is paid out of it at all, and is not all that is."""
    members = {group.id: group.members for group in doc.groups}
    titles = labels_of(doc)
    for clause in doc.clauses:
        if isinstance(clause.budget, BudgetDoc) and clause.budget.first:
            faults.add(
                clause.budget.at("first"),
                "first 用于组或资金的预算: 本条的预算里只有本条",
                "`first` goes with the budget of a group or a fund: that of a clause pays this clause alone",
            )
    for group in doc.groups:
        inside = _inside(group.id, members)
        _check_first(group.budget, inside - {group.id}, members, inside & clauses.keys(), titles, faults)
    for id_, fund in doc.funds.items():
        paid = {clause.id for clause in clauses.values() if id_ in clause.fund.funds or HOLE in clause.fund.funds}
        around = {name for name in members if _inside(name, members) & clauses.keys() <= paid}
        _check_first(fund.budget, paid | around, members, paid, titles, faults)


def _inside(name: str, members: Mapping[str, Sequence[str]]) -> set[str]:
    """A clause or a group, and all that is in it."""
    found, waiting = set[str](), [name]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting.extend(members.get(one, ()))
    return found


def _check_first(
    budget: str | BudgetDoc | None,
    fitting: set[str],
    members: Mapping[str, Sequence[str]],
    every: set[str],
    titles: Mapping[str, Labels],
    faults: Faults,
) -> None:
    if not isinstance(budget, BudgetDoc) or budget.hole:
        return
    ahead: set[str] = set()
    fits = HOLE not in budget.first
    for at, name in enumerate(budget.first):
        line = budget.at("first", at)
        own = _inside(name, members)
        if unknown(name, fitting):
            hint = nearest(name, sorted(fitting), titles)
            fits = False
            faults.add(
                line,
                f"first 里的 {name} 不由这项预算付{hint.zh}",
                f"`{name}` under `first` is not paid out of this budget{hint.en}",
            )
        elif own & ahead:
            faults.add(line, f"{name} 在 first 里出现两次: 删去其一", f"`{name}` stands in `first` twice: drop one")
        ahead |= own
    if budget.first and fits and every and every <= ahead and len(budget.first) == 1:
        faults.add(
            budget.at("first"),
            "这项预算付的都在 first 里，分不出先后: 只写先付的",
            "all that this budget pays stands under `first`: name only what is paid before the others",
        )
