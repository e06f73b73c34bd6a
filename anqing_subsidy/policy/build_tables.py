"""Tables of a checked document -> sheets, columns and the words of their values."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import Final

from anqing_subsidy.money import QuantityError, parse_rate
from anqing_subsidy.policy.build_checks import ratio_of
from anqing_subsidy.policy.checks import check_tables, in_a_circle
from anqing_subsidy.policy.columns import SQUARE_METRES, Column, Table, UnitSuspect
from anqing_subsidy.policy.faults import HOLE, Faults, nearest, unknown
from anqing_subsidy.policy.quantities import money
from anqing_subsidy.policy.schema import ColumnDoc, PolicyDoc, TableDoc

_MONEY: Final = re.compile(r"^[万亿千]*(?:美元|人民币|元)$")
_IN_BRACKETS: Final = re.compile(r"(?P<header>.+)[（(](?P<unit>[^（()）]+)[）)]\s*")


class TableBuilder:
    """Builds the tables of a policy."""

    def __init__(self, doc: PolicyDoc, faults: Faults) -> None:
        self.doc = doc
        self.faults = faults

    def tables(self) -> dict[str, Table]:
        """Every table; one that is its own ancestor has a hole for a parent."""
        doc, faults = self.doc, self.faults
        check_tables(doc, faults)
        circle = in_a_circle({id_: table.parent for id_, table in doc.tables.items()})
        for id_ in circle:
            faults.add(
                doc.tables[id_].at("parent"),
                f"表 {id_} 的上级绕回自己: 改 parent",
                f"table `{id_}` is its own ancestor, or has one that is: change `parent`",
            )
        tables = {id_: self._table(id_, table) for id_, table in doc.tables.items()}
        return {id_: replace(table, parent=HOLE) if id_ in circle else table for id_, table in tables.items()}

    def _range(self, name: str, doc: ColumnDoc) -> tuple[Fraction, Fraction] | None:
        """The least and the greatest value of a column of ratios."""
        if doc.range is None:
            return None
        if HOLE in doc.range:
            return None
        if doc.type not in ("ratio", HOLE):
            self.faults.add(
                doc.at("range"),
                f"列 {name} 是 {doc.type}: 只有 ratio 列有 range，别的列用 checks 写明不应出现的情况",
                f"column `{name}` is {doc.type}: only a ratio has a `range`; for other columns `checks` says what cannot be",
            )
            return None
        try:
            least, greatest = map(parse_rate, doc.range)
        except QuantityError as fault:
            line = doc.at("range")
            self.faults.add(line, f"列 {name} 的 range 不对: {fault.zh}", f"`range` of column `{name}`: {fault}")
            return None
        if doc.type != "ratio" or least >= greatest:
            self.faults.add(
                doc.at("range"),
                f"列 {name}: 只有 ratio 列有 range，且下限小于上限，如 [0%, 100%]",
                f"column `{name}`: only a ratio has a `range`, from the least to the greatest, as [0%, 100%]",
            )
            return None
        return least, greatest

    def _without_unit(self, name: str, doc: ColumnDoc) -> None:
        """A header says its unit by `unit`: one written in its brackets too would be asked for twice."""
        if doc.unit is None:
            return
        own = {"money": "元", "usd": "美元"}.get(doc.type, doc.unit)
        if doc.unit not in (own, HOLE):
            self.faults.add(
                doc.at("unit"),
                f"列 {name} 的单位写 {own}（表头写万{own}也认得），不写 {doc.unit}",
                f"the unit of column `{name}` ({doc.type}) is {own} (a sheet may say 万{own}), not {doc.unit}",
            )
            return
        words = [
            (doc.header, doc.at("header")),
            *((word, doc.at("aliases", at)) for at, word in enumerate(doc.aliases)),
        ]
        for word, line in words:
            found = _IN_BRACKETS.fullmatch(word)
            if found is not None and found["unit"].endswith(doc.unit):
                bare = found["header"].rstrip()
                self.faults.add(
                    line,
                    f"列 {name} 的表头 {word} 不带单位: 写 {bare}，单位写在 unit（表上写万{doc.unit}也认得）",
                    f"header {word} of column `{name}` goes without its unit: write {bare}; the unit stands in `unit`,"
                    f" and a sheet may say 万{doc.unit}",
                )

    def _no_money(self, name: str, doc: ColumnDoc) -> None:
        """Money is whole fen: as another measure it could be neither compared with 万元 nor paid."""
        if doc.type in ("number", "count", "area") and doc.unit is not None and _MONEY.search(doc.unit):
            kind = "usd" if "美" in doc.unit else "money"
            self.faults.add(
                doc.at("type"),
                f"列 {name} 的单位是 {doc.unit}: 类型写 {kind}",
                f"column `{name}` is in {doc.unit}: its type is `{kind}`",
            )

    def _table(self, id_: str, doc: TableDoc) -> Table:
        columns = {}
        for name, column in doc.columns.items():
            values = None
            if column.values is not None:
                if unknown(column.values, self.doc.enums):
                    hint = nearest(column.values, self.doc.enums)
                    self.faults.add(
                        column.at("values"),
                        f"没有取值表 {column.values}{hint.zh}",
                        f"no list `{column.values}` under enums{hint.en}",
                    )
                values = self.doc.enums.get(column.values)
            elif column.type == "enum":
                self.faults.add(
                    column.line,
                    f"枚举列 {name} 缺少 values: 写明用哪个取值表",
                    f"enum column `{name}` needs `values`: a list under enums",
                )
            self._without_unit(name, column)
            self._no_money(name, column)
            columns[name] = Column(
                name,
                column.header,
                column.en,
                "area" if column.type == "number" else column.type,  # a number is a measure without a unit of its own
                SQUARE_METRES[0] if column.type == "area" and column.unit is None else column.unit,
                column.aliases,
                column.required,
                values,
                column.open_values,
                column.doc,
                self._range(name, column),
                column.relates,
                column.named_by,
            )
        keys = [(name, doc.at("key", at)) for at, name in enumerate(doc.key)]
        if doc.object is not None:
            keys.append((doc.object, doc.at("object")))
        for name, line in keys:
            if unknown(name, columns):
                hint = nearest(name, columns, {id_: column.labels for id_, column in columns.items()})
                self.faults.add(
                    line,
                    f"表 {id_} 的键 {name} 不是它的列{hint.zh}",
                    f"key `{name}` of table `{id_}` is not one of its columns{hint.en}",
                )
        if doc.parent is not None and unknown(doc.parent, self.doc.tables):
            hint = nearest(doc.parent, self.doc.tables)
            self.faults.add(
                doc.at("parent"),
                f"表 {id_} 的上级 {doc.parent} 不存在{hint.zh}",
                f"parent `{doc.parent}` of table `{id_}` does not exist{hint.en}",
            )
        suspect = None
        if doc.unit_suspect is not None:
            below = money(doc.unit_suspect.below, doc.unit_suspect.at("below"), self.faults)
            ratio = ratio_of(doc.unit_suspect.ratio, doc.unit_suspect.at("ratio"), self.faults)
            suspect = UnitSuspect(doc.unit_suspect.columns, below, doc.unit_suspect.at_least, ratio)
        return Table(
            id_,
            doc.sheet,
            doc.en,
            doc.key,
            doc.parent,
            doc.object,
            columns,
            doc.doc,
            doc.orphans,
            suspect,
            doc.distinct,
        )
