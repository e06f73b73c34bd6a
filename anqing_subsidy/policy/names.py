"""Names of a policy: which fact a word means, seen from a table, and of which type it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.columns import Table
from anqing_subsidy.policy.faults import HOLE, Faults, nearest, unknown
from anqing_subsidy.policy.kind_words import how_to_turn, kind_said, kinds_said
from anqing_subsidy.policy.terms import FactType, Ref

Labels = tuple[str, ...]
"""What people call a fact: header or title, in both languages, other headers."""
_SUM: Final = re.compile(r"\S\s*[-+*/×÷]\s*\S")


def is_number(word: str) -> bool:
    """Whether a word is a figure, not a name."""
    return word[:1].isdigit()


class Names:
    """The facts that can be named from a table: its own, then its parent's, and so on up."""

    def __init__(
        self, tables: Mapping[str, Table], derived: Mapping[str, Mapping[str, Labels]], year: int, faults: Faults
    ) -> None:
        self.tables = tables
        self.derived = {table: derived.get(HOLE, derived.get(table, {})) for table in tables}
        self.year = year
        self.faults = faults
        self.types: dict[Ref, FactType] = {}
        self.options: dict[Ref, Mapping[str, tuple[str, ...]]] = {}
        self.units: dict[Ref, str] = {}
        self.places: set[Ref] = set()
        for table in tables.values():
            for column in table.columns.values():
                ref = Ref(table.id, column.id)
                if column.type != HOLE:
                    self.types[ref] = column.type
                if column.values is not None:
                    self.options[ref] = column.values
                if column.unit is not None:
                    self.units[ref] = column.unit

    def chain(self, table: str) -> Iterator[str]:
        """A table and its ancestors."""
        owner: str | None = table
        while owner is not None and owner in self.tables:
            yield owner
            owner = self.tables[owner].parent

    def below(self, table: str, ancestor: str) -> bool:
        """Whether the rows of a table belong to an ancestor's; so too where a fault hides whose they are."""
        chain = list(self.chain(table))
        parent = self.tables[chain[-1]].parent if chain else None
        hidden = ancestor not in self.tables or (parent is not None and parent not in self.tables)
        return ancestor in chain[1:] or hidden

    def has(self, table: str, name: str) -> bool:
        """Whether a table itself has a fact of that name."""
        return table in self.tables and (name in self.tables[table].columns or name in self.derived[table])

    def known(self, table: str, word: str) -> Ref | None:
        """The fact that a word means from a table, if there is one."""
        if "." in word:
            owner, _, name = word.partition(".")
            if owner in self.chain(table) and self.has(owner, name):
                return Ref(owner, name)
        else:
            for owner in self.chain(table):
                if self.has(owner, word):
                    return Ref(owner, word)
        return None

    def find(self, table: str, word: str, line: int) -> Ref | None:
        """The fact that a word means from a table; None and a fault where there is none."""
        found = self.known(table, word)
        if found is not None:
            return found
        known = [name for owner in self.chain(table) for name in (*self.tables[owner].columns, *self.derived[owner])]
        up = [self.tables[owner].parent for owner in self.chain(table)]
        if not up or not unknown(word, known) or any(parent is not None and parent not in self.tables for parent in up):
            return None
        labels = {name: labels for owner in self.chain(table) for name, labels in self._labels(owner).items()}
        hint = self._elsewhere(table, word) or nearest(word, known, labels)
        self.faults.add(line, f"{table} 中没有名为 {word} 的事实{hint.zh}", f"`{table}` has no fact `{word}`{hint.en}")
        return None

    def _labels(self, table: str) -> dict[str, Labels]:
        """What people call the facts of a table."""
        columns = {name: column.labels for name, column in self.tables[table].columns.items()}
        return columns | dict(self.derived[table])

    def labelled(self, table: str, word: str) -> list[str]:
        """The names of the facts, seen from a table, of which a word is the label; none where it is a name itself."""
        if self.known(table, word) is not None:
            return []
        return [name for owner in self.chain(table) for name, said in self._labels(owner).items() if word in said]

    def _elsewhere(self, table: str, word: str) -> Text | None:
        """What to do with a sum or a constant in place of a name, or with the name of a fact of rows below."""
        if self.constant(word) is not None:
            return Text(
                f"：{word} 是常数，只写在条件的右边（如 day >= {word}）或 full_months、days 里",
                f": `{word}` is a constant; it stands on the right of a condition (`day >= {word}`) or in `full_months` and `days`",
            )
        if _SUM.search(word):
            return Text(
                "，这里不能写算式: 先写成事实 (add、minus、ratio、growth)",
                ": no arithmetic here, make it a fact (`add`, `minus`, `ratio`, `growth`)",
            )
        below = next(
            (other for other in self.tables if table in list(self.chain(other))[1:] and self.has(other, word)), None
        )
        if below is None:
            return None
        return Text(
            f"，它在下级表 {below}: 用 count、sum、max 汇总，或逐行计算 (each: {below})",
            f": it is one of `{below}`, whose rows are asked by `count`, `sum`, `max`, or one by one with `each: {below}`",
        )

    def expect(self, ref: Ref | None, kinds: tuple[FactType, ...], line: int, use: str) -> None:
        """A fault where a fact is of no kind that can be used so."""
        kind = self.types.get(ref) if ref is not None else None
        if ref is not None and kind is not None and kind not in kinds:
            own, wanted, hint = kind_said(kind, self.units.get(ref)), kinds_said(kinds), how_to_turn(kind, kinds)
            self.faults.add(
                line,
                f"{use} 不能用 {ref.id}（{own.zh}），只能是 {wanted.zh}{hint.zh}",
                f"`{use}` cannot use `{ref.id}` ({own.en}); it takes {wanted.en}{hint.en}",
            )
        elif ref in self.places and use != "by":
            self.faults.add(
                line,
                f"{use} 不能用名次 {ref.id}：名次不是数量，用在条件里或 by 后",
                f"`{use}` cannot use `{ref.id}`: a place is no quantity; use it in conditions or after `by`",
            )

    def column(self, table: str, word: str, line: int) -> str:
        """A column's id, checked; a fault where the table has no such column."""
        if table in self.tables and unknown(word, self.tables[table].columns):
            hint = nearest(word, self.tables[table].columns, self._labels(table))
            self.faults.add(
                line, f"表 {table} 没有列 {word}{hint.zh}", f"table `{table}` has no column `{word}`{hint.en}"
            )
        return word

    def table(self, word: str, line: int) -> str:
        """A table's id, checked; a fault where there is no such table."""
        if unknown(word, self.tables):
            hint = nearest(word, self.tables, {id_: (table.sheet, table.en) for id_, table in self.tables.items()})
            self.faults.add(line, f"没有表 {word}{hint.zh}", f"there is no table `{word}`{hint.en}")
        return word

    def constant(self, word: str) -> int | date | None:
        """`policy_year`, and the first and last day of it."""
        known: dict[str, int | date] = {
            "policy_year": self.year,
            "policy_year_start": date(self.year, 1, 1),
            "policy_year_end": date(self.year, 12, 31),
        }
        return known.get(word)
