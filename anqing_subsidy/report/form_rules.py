"""What may be typed into a column of a form, as rules of a spreadsheet with their hints and messages."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from anqing_subsidy.finding import Text
from anqing_subsidy.money import LARGEST, SCALE
from anqing_subsidy.report import form_guide

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anqing_subsidy.report.form import ApplicationForm, Field

_TITLE: Final = 32
_MESSAGE: Final = 255
"""Characters that a hint or message may have."""

_FIRST_DAY: Final = date(1949, 10, 1)
_YEARS_AFTER: Final = 5

_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# characters 1 to 17 weigh 3^0 to 3^16, the last one 1; the sum is a multiple of 31 (GB 32100-2015)
_CODE: Final = (
    '=AND(LEN({cell})=18,MOD(SUMPRODUCT((FIND(MID(UPPER({cell}),COLUMN($A:$Q),1),"{alphabet}")-1)'
    '*MOD(3^(COLUMN($A:$Q)-1),31))+FIND(RIGHT(UPPER({cell})),"{alphabet}")-1,31)=0)'
)

_WRONG: Final[Mapping[str, Text]] = {
    "uscc": Text(
        "不是有效的统一社会信用代码：应为 18 位，且末位校验码相符。请对照营业执照核对。",
        "Not a valid credit code: it has 18 characters, the last of which is a check digit. Compare with the licence.",
    ),
    "list": Text("请从下拉列表中选择，不要自行输入其他文字。", "Choose one of the words of the list."),
    "open": Text("不在列表中。确认无误可以保留。", "Not on the list. Keep it if it is right."),
    "date": Text(
        "请填写完整日期，如 {year}-08-17，在 {first} 至 {last} 之间。",
        "Type a whole date such as {year}-08-17, from {first} to {last}.",
    ),
    "year": Text("请填写四位年份，不晚于 {year}。", "Type a year of four digits, {year} at the latest."),
    "money": Text(
        "请只填数字，单位见表头，不得为负数，不要写“元”“万”等字。",
        "Type the figure alone, in the unit of the header, not below zero.",
    ),
    "usd": Text(
        "请只填数字，单位见表头，不得为负数，不要写“美元”“万”等字。",
        "Type the figure alone, in the unit of the header, not below zero.",
    ),
    "area": Text(
        "请只填数字，单位见表头，不得为负数。", "Type the figure alone, in the unit of the header, not below zero."
    ),
    "count": Text("请填写不小于 0 的整数，单位见表头。", "Type a whole number, not below zero."),
    "ratio": Text("请填写 0% 至 100% 之间的百分数。", "Type a percentage from 0% to 100%."),
}


def rule_for(field: Field, form: ApplicationForm, cell: str) -> dict[str, Any]:
    """The rule of a column in the words of the writer; the words of a list are left to it.

    Args:
        field: the column.
        form: the form that it belongs to.
        cell: its first cell, as a formula names it.
    """
    kind = field.column.type
    label = field.header.split("\n")[0].lstrip("*")
    rule = _condition(field, form, cell) | {"input_title": _cut(label, _TITLE), "input_message": _hint(field, form)}
    if rule["validate"] == "any":
        return rule
    wrong = _WRONG[
        "open" if rule.get("error_type") == "warning" and field.options else "list" if field.options else kind
    ]
    year = form.policy.year
    last = date(year + _YEARS_AFTER, 12, 31)
    message = wrong.say(form.lang).format(year=year, first=_FIRST_DAY, last=last)
    title = "填写有误" if form.lang == "zh" else "Please check"
    return rule | {"error_title": title, "error_message": _cut(message, _MESSAGE)}


def _condition(field: Field, form: ApplicationForm, cell: str) -> dict[str, Any]:
    kind, year = field.column.type, form.policy.year
    if field.options:
        free = field.column.open_values or kind == "text"
        return {"validate": "list"} | ({"error_type": "warning"} if free else {})
    if kind == "uscc":
        # a warning: who takes the protection off and deletes columns must not be kept from typing a right code
        formula = _CODE.format(cell=cell, alphabet=_ALPHABET)
        return {"validate": "custom", "value": formula, "error_type": "warning"}
    if kind == "date":
        last = date(year + _YEARS_AFTER, 12, 31)
        return {"validate": "date", "criteria": "between", "minimum": _FIRST_DAY, "maximum": last}
    if kind == "year":
        return {"validate": "integer", "criteria": "between", "minimum": _FIRST_DAY.year, "maximum": year}
    most = LARGEST // SCALE.get(kind, 1) // 1000
    numbers: dict[str, dict[str, Any]] = {
        "money": {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": most},
        "usd": {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": most},
        "area": {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": most},
        "count": {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 10**9},
        "ratio": {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1},
    }
    return numbers.get(kind, {"validate": "any"})


def _hint(field: Field, form: ApplicationForm) -> str:
    """The column in a few words: what it means, how it is typed, what for, which documents."""
    zh = form.lang == "zh"
    need = ("必填" if zh else "required") if field.column.required else ""
    label = field.header.split("\n")[0].lstrip("*")
    shown = field.format if not field.options else ("从下拉列表中选择" if zh else "choose from the list")
    lines = [
        field.means if field.means != label else "",
        ("；" if zh else "; ").join(word for word in (shown, need) if word),
        ("用于：" if zh else "needed for: ") + form_guide.use(form, field),
        (("材料：" if zh else "documents: ") + ("；" if zh else "; ").join(field.evidence)) if field.evidence else "",
    ]
    return _cut("\n".join(line for line in lines if line), _MESSAGE)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
