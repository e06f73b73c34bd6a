"""The values of the example rows: those that the policy gives, else one that fits the column."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from stdnum.cn import uscc

from anqing_subsidy.policy.columns import SQUARE_METRES
from anqing_subsidy.policy.terms import Holds, Ref, parts_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from anqing_subsidy.finding import Lang
    from anqing_subsidy.policy.columns import Column
    from anqing_subsidy.policy.guide import Guides
    from anqing_subsidy.policy.model import Policy

_FIGURES: Final[Mapping[str, tuple[str, str]]] = {
    "money": ("1250000", "25000"),
    "usd": ("180000", "4000"),
    "count": ("12", "3"),
    "area": ("1200", "90"),
    "ratio": ("65%", "65%"),
}
"""A figure of an applicant, and one of a row below it: an invoice, a fair, a job."""
_MEASURE: Final = "85"
"""A score, tons, kilowatts: a measure of which nothing is known."""


class Examples:
    """Examples of one policy; a column that repeats its parent's key shows the same value there."""

    def __init__(self, policy: Policy, guides: Guides, lang: Lang) -> None:
        self.policy = policy
        self.guides = guides
        self.lang: Lang = lang
        columns = [(table.id, column) for table in policy.tables.values() for column in table.columns.values()]
        named = list(parts_in((policy.clauses, policy.facts), Holds))
        self.never = {one.ref for one in named if not one.wanted} - {one.ref for one in named if one.wanted}
        self.numbers = {Ref(table, column.id): at for at, (table, column) in enumerate(columns)}

    def of(self, ref: Ref, options: Sequence[str]) -> str | int | Decimal | date:
        """The example of a column, as it stands in a cell; `options` are the words of its list."""
        origin = self._origin(ref)
        column = self.policy.tables[origin.table].columns[origin.id]
        guide = self.guides.columns.get(origin)
        given = guide.example if guide is not None else None
        if column.type == "yesno":
            is_no = given == "false" or (given is None and origin in self.never)
            return options[1 if is_no else 0]
        if column.values and given in column.values:
            return options[list(column.values).index(str(given))]
        if options and given is None:
            return options[0]
        if column.type == "date":
            return date.fromisoformat(given) if given is not None else date(self.policy.year, 3, 15)
        if column.type == "year":
            return int(given) if given is not None else self.policy.year - 1
        if column.type in _FIGURES:
            return _figure(given if given is not None else self._likely(origin, column))
        foreign = given is not None and self.lang == "en" and not given.isascii()
        return given if given is not None and not foreign else self._text(origin, column)

    def _origin(self, ref: Ref) -> Ref:
        """The column whose value this one repeats: an applicant's code, or a key of its parent."""
        table = self.policy.tables[ref.table]
        seen = set()
        while table.parent is not None and table.id not in seen:
            seen.add(table.id)
            table = self.policy.tables[table.parent]
            if ref.id in table.key:
                return Ref(table.id, ref.id)
        return ref

    def _likely(self, ref: Ref, column: Column) -> str:
        """A figure that may well stand in a column of which the policy gives no example."""
        if column.type == "count" and (column.header.startswith("第") or ref.id in self.policy.tables[ref.table].key):
            return "1"
        if column.range is not None:
            middle = round(sum(column.range) * 50)
            return f"{middle}%"
        if column.type == "area" and column.unit != SQUARE_METRES[0]:
            return _MEASURE
        return _FIGURES[column.type][ref.table != self.policy.main]

    def _text(self, ref: Ref, column: Column) -> str:
        if column.type == "uscc":
            body = f"91000000EXAMPLE{self.numbers[ref] % 100:02d}"  # no such division: nobody's code
            return body + uscc.calc_check_digit(body)
        return f"示例{column.header}" if self.lang == "zh" else f"example {column.en}"


def _figure(text: str) -> int | Decimal:
    """A figure as a number of the cell; a percentage as its share of one."""
    number = Decimal(text.removesuffix("%")).scaleb(-2 if text.endswith("%") else 0)
    return int(number) if number == number.to_integral_value() else number
