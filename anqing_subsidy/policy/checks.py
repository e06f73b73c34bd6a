"""What is legal in form and contradicts itself: names used twice, parents in a circle, groups within themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from anqing_subsidy.policy.fold import Faults, nearest
from anqing_subsidy.policy.schema import PolicyDoc, TableDoc


def check_tables(doc: PolicyDoc, faults: Faults) -> None:
    """Sheets and headers that could not be told apart, columns that are not there."""
    sheets: dict[str, str] = {}
    for id_, table in doc.tables.items():
        _once(sheets, table.sheet, id_, table.line, faults, "表名", "sheet name")
        headers: dict[str, str] = {}
        for name, column in table.columns.items():
            for word in dict.fromkeys((column.header, *column.aliases)):
                _once(headers, word, name, column.line, faults, "表头", "header")
        suspects = table.unit_suspect.columns if table.unit_suspect else []
        names = [column.named_by for column in table.columns.values() if column.named_by is not None]
        for name in (*table.distinct, *suspects, *names):
            if name not in table.columns:
                hint = nearest(name, table.columns)
                faults.add(
                    table.line, f"表 {id_} 没有列 {name}{hint.zh}", f"table `{id_}` has no column `{name}`{hint.en}"
                )
    for name, values in doc.enums.items():
        words: dict[str, str] = {}
        line = min((table.line for table in doc.tables.values() if _uses(table, name)), default=1)
        for option, typed in values.items():
            for word in dict.fromkeys(typed):
                _once(words, word, option, line, faults, f"取值表 {name} 的词", f"word of `{name}`")
    for word in set(doc.yes_no.true) & set(doc.yes_no.false):
        faults.add(doc.yes_no.line, f"“{word}”既是“是”又是“否”", f"`{word}` means both yes and no")


def _uses(table: TableDoc, enum: str) -> bool:
    return any(column.values == enum for column in table.columns.values())


def _once(seen: dict[str, str], word: str, owner: str, line: int, faults: Faults, zh: str, en: str) -> None:
    if seen.setdefault(word, owner) != owner:
        faults.add(
            line,
            f"{zh} {word} 同属 {seen[word]} 和 {owner}",
            f"{en} `{word}` stands for both `{seen[word]}` and `{owner}`",
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


def check_groups(doc: PolicyDoc, clauses: Iterable[str], faults: Faults) -> None:
    """Each clause and group stands in one group at the most, once, and in none that it contains."""
    known = set(clauses)
    home: dict[str, str] = {}
    ids: set[str] = set()
    for group in doc.groups:
        if group.id in known or group.id in ids:
            faults.add(
                group.line,
                f"分组 {group.id} 与条款或另一分组同名",
                f"group `{group.id}` has the id of a clause or another group",
            )
        ids.add(group.id)
        for member in group.members:
            if member in home:
                faults.add(group.line, f"{member} 在分组里出现两次", f"`{member}` stands in groups twice")
            home[member] = group.id
    for group in doc.groups:
        if group.id in in_a_circle(dict(home)):
            faults.add(group.line, f"分组 {group.id} 包含自己", f"group `{group.id}` contains itself")
