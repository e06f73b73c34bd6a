"""The kinds of values that the keys of a policy file hold."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Final

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.reader import AMOUNT, COLUMN, CONDITIONS, DIGITS, FUND, TYPED, Between, Entry

Plain = Annotated[str, DIGITS]
"""A text; a whole number typed without quotes is taken as its digits."""
Word = Annotated[str, TYPED]
"""A header, or a word that a cell holds."""
ColumnName = Annotated[str, COLUMN]
Tree = Annotated[Any, AMOUNT]
"""A sum, a rate, a factor or a cap, parsed in `build` with its lines."""
Conditions = Annotated[Any, CONDITIONS]
"""Conditions, parsed in `build` with their lines."""
FundTree = Annotated[Any, FUND]
"""A fund, a rule of funds, or a choice among those by a fact, parsed in `build` with its lines."""
NONE: Final[Mapping[Any, Any]] = MappingProxyType({})
RatioDoc = Annotated[tuple[int, ...], Between(2, 2)]
"""From how many times to how many times one figure is so far from others that its unit is in doubt."""


class LabelDoc(Entry):
    """A title in both languages."""

    zh: str
    en: str

    @property
    def text(self) -> Text:
        """The label as a text."""
        return Text(self.zh, self.en)
