"""Conditions: one line each, in three-valued logic."""

from __future__ import annotations

import datetime
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from tests.language.reference.values import Num, Tri, Value, all_of, any_of, exactly, months_later, ordered, quantity

if TYPE_CHECKING:
    from tests.language.reference.world import Place

_PART: Final = re.compile(r"\s+(<=|>=|==|!=|<|>)\s+")


def hold(place: Place, lines: Any) -> Tri:  # noqa: ANN401  # a tree of plain values
    """Whether all of these lines hold; none at all: yes."""
    if lines is None:
        return True
    return all_of(_entry(place, line) for line in ([lines] if isinstance(lines, str) else lines))


def _entry(place: Place, line: Any) -> Tri:  # noqa: ANN401  # a line, or a mapping `any: […]`
    return _line(place, line) if isinstance(line, str) else any_of(hold(place, branch) for branch in line["any"])


def named(lines: Any) -> list[str]:  # noqa: ANN401  # a tree of plain values
    """Every word of some conditions that may be the name of a fact."""
    if isinstance(lines, str):
        return re.findall(r"[A-Za-z_][\w.]*", lines)
    entries = lines if isinstance(lines, list) else lines["any"]
    return [word for entry in entries for word in named(entry)]


def apart(rows: list[Any]) -> list[list[int]]:
    """The rows by position; of a group no two can hold at once, whatever a fact that both ask about may be."""
    groups: list[list[int]] = []
    for at, lines in enumerate(rows):
        home = next((group for group in groups if all(_never_both(lines, rows[other]) for other in group)), None)
        if home is None:
            groups.append([at])
        else:
            home.append(at)
    return groups


def _never_both(one: Any, other: Any) -> bool:  # noqa: ANN401  # trees of plain values
    pairs = [
        (mine, theirs)
        for mine in ([one] if isinstance(one, str) else one or [])
        for theirs in ([other] if isinstance(other, str) else other or [])
        if isinstance(mine, str) and isinstance(theirs, str)
    ]
    return any(_clash(mine, theirs) for a, b in pairs for mine in _single(a) for theirs in _single(b))


def _single(line: str) -> list[tuple[str, str, str]]:
    """The comparisons of a line, each as fact, sign and value."""
    pieces = _PART.split(line.strip())
    if len(pieces) == 3:
        return [(pieces[0], pieces[1], pieces[2])]
    if len(pieces) == 5:
        turned = {"<": ">", "<=": ">="}
        return [(pieces[2], turned[pieces[1]], pieces[0]), (pieces[2], pieces[3], pieces[4])]
    words = line.split()
    if words[0] == "not":
        return [(words[1], "no", "")]
    if len(words) == 1:
        return [(words[0], "yes", "")]
    return [(words[0], "is", " ".join(words[2:]))]


def _clash(one: tuple[str, str, str], other: tuple[str, str, str]) -> bool:
    """Whether no value at all satisfies both: tried with the two values, and with what is beside and between them."""
    if one[0] != other[0]:
        return False
    signs = {one[1], other[1]}
    if signs == {"yes", "no"}:
        return True
    if signs & {"yes", "no"}:
        return False
    if {one[2], other[2]} == {"given", "blank"}:
        return True
    if signs <= {"is", "=="} and not {one[2], other[2]} & {"given", "blank"}:
        words = [set(value.split()[::2]) for _, _, value in (one, other)]
        if all(quantity(value) is None and not re.match(r"\d{4}-", value) for _, _, value in (one, other)):
            return not words[0] & words[1]
    if "is" in signs:
        return False
    marks = [_mark(one[2]), _mark(other[2])]
    if one[2] == other[2]:
        marks = [0, 0]
    elif None in marks:
        return False
    tried = {mark + step for mark in marks if mark is not None for step in (-1, 0, 1)}
    tried |= {Fraction(sum(mark for mark in marks if mark is not None)) / 2}
    return not any(
        all(_fits(value, sign, mark) for (_, sign, _), mark in zip((one, other), marks, strict=True)) for value in tried
    )


def _mark(text: str) -> Fraction | int | None:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return datetime.date.fromisoformat(text).toordinal()
    return quantity(text)


def _fits(value: Fraction | int, sign: str, mark: Fraction | int | None) -> bool:
    assert mark is not None
    return {
        "<": value < mark,
        "<=": value <= mark,
        ">": value > mark,
        ">=": value >= mark,
        "==": value == mark,
        "!=": value != mark,
    }[sign]


def _line(place: Place, line: str) -> Tri:
    pieces = _PART.split(line.strip())
    if len(pieces) > 1:
        pairs = [(pieces[at], pieces[at + 1], pieces[at + 2]) for at in range(0, len(pieces) - 2, 2)]
        return all_of(_compare(place, *pair) for pair in pairs)
    words = line.split()
    if words[0] == "not":
        said = place.value(words[1])
        return None if said is None else not said
    if len(words) > 1 and words[1] == "is":
        return _is(place.value(words[0]), words[2:])
    said = place.value(words[0])
    assert said is None or isinstance(said, bool)
    return said


def _is(value: Value, words: list[str]) -> Tri:
    if words in (["given"], ["blank"]):
        missing = value is None or (isinstance(value, Num) and (value.blank or value.nowhere is True))
        return missing is (words == ["blank"])
    return None if value is None else value in words[::2]


def _compare(place: Place, left: str, sign: str, right: str) -> Tri:
    first, second = _operand(place, left, right), _operand(place, right, left)
    if first is None or second is None:
        return None
    if isinstance(first, Num) and isinstance(second, Num):
        if sign == "!=":
            same = ordered(first, second, "==")
            return None if same is None else not same
        return ordered(first, second, sign)
    if sign in ("==", "!="):
        return (first == second) is (sign == "==")
    assert isinstance(first, datetime.date)
    assert isinstance(second, datetime.date)
    return {"<": first < second, "<=": first <= second, ">": first > second, ">=": first >= second}[sign]


def _operand(place: Place, text: str, other: str) -> Value:
    """A number or a day as written, a fact, a day some years later, or a word of the other side's list."""
    number = quantity(text)
    if number is not None:
        return exactly(number)
    if text == "policy_year":
        return exactly(place.world.year)
    if text in ("policy_year_start", "policy_year_end"):
        return place.day(text)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return datetime.date.fromisoformat(text)
    later = re.fullmatch(r"(\S+) ([+-]) (\d+) (year|month|day)s?", text)
    if later:
        day = place.day(later[1])
        if not isinstance(day, datetime.date):
            return None
        span = int(later[2] + later[3])
        if later[4] == "day":
            return day + datetime.timedelta(days=span)
        return months_later(day, span * (12 if later[4] == "year" else 1))
    try:
        return place.value(text)
    except KeyError:
        place.home(other)
        return text
