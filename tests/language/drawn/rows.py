"""Random rows for a policy: figures at its thresholds, one unit below and above, zeros, blanks and equal ones."""

from __future__ import annotations

import datetime
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from tests.language.drawn.words import BASE, DAYS, ENUMS, Tree
from tests.language.reference.values import CELLS, quantity, years_later

if TYPE_CHECKING:
    import random

Rows = dict[str, list[dict[str, Any]]]

_WRITTEN: Final = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:亿|万)?(?:美元|元|%|‰)?(?![\w.-])")
_USUAL: Final = {"money": 10**6, "usd": 10**5, "count": 6, "area": 10**6, "ratio": 10**8}
_LARGEST: Final = {"count": 10**5, "ratio": 10**8}
LARGEST: Final = 10**11


class Drawer:
    """Draws the cells of a run."""

    def __init__(self, rng: random.Random, tree: Tree) -> None:
        self.rng = rng
        written = [text for text in _texts([tree["facts"], tree["clauses"]]) for text in _WRITTEN.findall(text)]
        self.levels: dict[str, list[int]] = {kind: [] for kind in CELLS}
        self.ratios = [Fraction(1)]
        for text in written:
            number = quantity(text)
            assert number is not None
            kind = "usd" if "美元" in text else "money" if "元" in text else "ratio" if text[-1] in "%‰" else ""
            if kind == "ratio":
                self.ratios += [number, 1 + number]
            for one in (kind,) if kind else ("count", "area"):
                self.levels[one].append(int(number * CELLS[one]))
        self.blanks = rng.choice((0.0, 0.0, 0.05, 0.15, 0.4))

    def tables(self) -> Rows:
        firms = [self._row("firms", {"code": code, "name": f"企业{code}"}) for code in self._codes()]
        rows: Rows = {"firms": firms, "fairs": [], "guests": [], "history": []}
        for firm in firms:
            code = firm["code"]
            for fair in "甲乙丙丁"[: self.rng.choice((0, 0, 1, 2, 3, 4))]:
                rows["fairs"].append(self._row("fairs", {"code": code, "fair": fair}))
                for guest in range(self.rng.choice((0, 0, 1, 2))):
                    rows["guests"].append(self._row("guests", {"code": code, "fair": fair, "guest": f"{fair}{guest}"}))
            for year in (2020, 2021, 2022, 2023):
                if self.rng.random() < 0.4:
                    rows["history"].append(self._row("history", {"code": code, "year": year}))
        return rows

    def _codes(self) -> list[str]:
        codes = list("ABCDEF"[: self.rng.choice((1, 2, 3, 4, 6))])
        self.rng.shuffle(codes)
        return codes

    def _row(self, table: str, row: dict[str, Any]) -> dict[str, Any]:
        for name, doc in BASE["tables"][table]["columns"].items():
            if name not in row:
                blank = self.rng.random() < self.blanks
                row[name] = None if blank else self._cell(doc["type"], doc.get("values", ""), row)
        return row

    def _cell(self, kind: str, values: str, row: dict[str, Any]) -> Any:  # noqa: ANN401  # a typed cell
        if kind == "yesno":
            return self.rng.random() < 0.6
        if kind == "enum":
            return self.rng.choice(ENUMS[values])
        if kind == "date":
            return self._day(row)
        return min(_LARGEST.get(kind, LARGEST), max(0, self._figure(kind, row)))

    def _figure(self, kind: str, row: dict[str, Any]) -> int:
        drawn = self.rng.random()
        step = self.rng.choice((0, 0, 1, -1))
        others = [value for name, value in row.items() if type(value) is int and name != "year"]
        if drawn < 0.45 and self.levels[kind]:
            level = self.rng.choice(self.levels[kind])
            return level * self.rng.choice((1, 1, 1, 2, 3)) + step
        if drawn < 0.65 and others and kind != "ratio":
            return int(self.rng.choice(others[-3:]) * self.rng.choice(self.ratios)) + step
        if drawn < 0.75:
            return 0
        if kind == "ratio":
            return self.rng.randint(0, 10**8)
        if kind == "count":
            return self.rng.randint(0, 6)
        return self.rng.randint(0, _USUAL[kind] * self.rng.choice((1, 1, 100)))

    def _day(self, row: dict[str, Any]) -> datetime.date:
        others = [value for value in row.values() if isinstance(value, datetime.date)]
        if others and self.rng.random() < 0.3:
            day = years_later(self.rng.choice(others), self.rng.choice((0, 1, 3)))
        elif self.rng.random() < 0.5:
            day = datetime.date.fromisoformat(self.rng.choice(DAYS))
        else:
            day = datetime.date(2018, 1, 1) + datetime.timedelta(self.rng.randrange(365 * 6 + 30))
        return day + datetime.timedelta(self.rng.choice((0, 0, 1, -1)))


def _texts(tree: Any) -> list[str]:  # noqa: ANN401  # a tree of plain values
    if isinstance(tree, str | int):
        return [tree] if isinstance(tree, str) else []
    parts = [*tree.keys(), *tree.values()] if isinstance(tree, dict) else tree
    return [text for part in parts for text in _texts(part)]


def draw_rows(rng: random.Random, tree: Tree) -> Rows:
    """Rows for a policy."""
    return Drawer(rng, tree).tables()
