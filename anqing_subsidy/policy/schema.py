"""The form of a policy file, as pydantic models: which keys there are and what kind of value each takes.

What the values mean (facts, conditions, amounts) is worked out in `build`; here unknown keys, missing
keys and wrong kinds are found, all of them, each with its line.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo, model_validator

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.fold import Faults, nearest
from anqing_subsidy.policy.yamltree import YamlList, YamlMap


def _as_list(value: Any) -> Any:  # noqa: ANN401  # a validator sees any value
    return value if isinstance(value, list) or value is None else [value]


def _as_text(value: Any) -> Any:  # noqa: ANN401  # a validator sees any value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Plain = Annotated[str, BeforeValidator(_as_text)]
"""A text; a whole number typed without quotes is taken as its digits."""
Tree = Any
"""A condition or amount, parsed in `build` with its lines."""


class Strict(BaseModel):
    """A mapping of the policy file: unknown keys are faults, and the line is remembered."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)
    line: int = 0

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, data: Any, info: ValidationInfo) -> Any:  # noqa: ANN401  # a validator sees any value
        if not isinstance(data, YamlMap):
            return data
        known = [field.alias or name for name, field in cls.model_fields.items() if name != "line"]
        for key in data:
            if key not in known:
                hint = nearest(key, known)
                info.context.add(data.lines[key], f"不认识的键 {key}{hint.zh}", f"unknown key `{key}`{hint.en}")  # type: ignore[union-attr]  # the context is always our Faults
        return {**{key: value for key, value in data.items() if key in known}, "line": data.line}


class LabelDoc(Strict):
    """A title in both languages."""

    zh: str
    en: str

    @property
    def text(self) -> Text:
        """The label as a text."""
        return Text(self.zh, self.en)


class ReadingDoc(LabelDoc):
    """A question that the text leaves open, and its options; the first is in force."""

    options: dict[str, LabelDoc] = Field(min_length=2)


class ApplicantDoc(Strict):
    """The table of applicants and the columns that identify and pay them."""

    table: str
    code: str
    name: str
    county: str | None = None
    bank_name: str | None = None
    bank_account: str | None = None


class HistoryDoc(Strict):
    """What "for the first time" looks back on."""

    table: str
    year: str
    since: str
    missing: Literal["pending", "assume_none"] = "pending"
    basis: Literal["fact", "award"] = "fact"
    declared: dict[str, str] = {}


class PaidDoc(Strict):
    """The table of awards already paid."""

    table: str
    year: str
    clause: str
    object: str
    tier: str
    level: str
    amount: str


class SupportDoc(Strict):
    """The table of support from other programmes."""

    table: str
    clause: str
    object: str
    units: str
    amount: str
    same_matter: str
    where: Tree = None
    undecided: Tree = None
    effect: Literal["exclude", "top_up"]


class DecisionsDoc(Strict):
    """The table of decisions by hand."""

    table: str
    clause: str
    object: str
    decision: str
    amount: str
    row_ref: str
    reason: str
    decided_by: str


class ClaimantDoc(Strict):
    """Child rows that only one claimant may bring."""

    key: str
    claimant: str
    where: Tree = None
    settle: Literal["hold", "earliest"] = "hold"
    earliest: str | None = None


class FactDoc(Strict):
    """A derived fact: exactly one operation with its operands."""

    zh: str
    en: str
    count: str | None = None
    sum: str | None = None
    of: str | None = None
    where: Tree = None
    otherwise: str | None = Field(default=None, alias="else")
    add: list[str] | None = None
    ratio: Annotated[list[str], Field(min_length=2, max_length=2)] | None = None
    year_of: str | None = None
    anniversary: str | None = None
    years: int | None = None
    when: Tree = None
    same_as: str | None = None
    listed_in: str | None = None
    listed: str | None = None
    unlisted: str | None = None


class AwardDoc(Strict):
    """An award: one shape (pay, rate, highest_of, sum_of, first_past) and its modifiers."""

    pay: Tree = None
    per: str | None = None
    rate: Tree = None
    of: str | None = None
    only_above: Plain | None = None
    highest_of: list[AwardDoc] | None = None
    sum_of: list[AwardDoc] | None = None
    first_past: str | None = None
    past: Literal["gt", "ge"] = "gt"
    tiers: dict[str, Plain] | None = None
    jump: Literal["highest", "cumulative"] = "highest"
    multiply_by: Tree = None
    when: Tree = None


class OnceDoc(Strict):
    """What blocks a second award."""

    same: Annotated[list[Literal["tier", "applicant", "object", "level"]], BeforeValidator(_as_list)]
    beside: list[str] | None = Field(default=None, alias="with")
    highest_first: list[str] | None = None


class FundDoc(Strict):
    """The fund of a line, and the other one where a yes/no fact moves it there."""

    fund: str
    other: str = Field(alias="or")
    due_to: str
    part: Literal["whole_line", "increment"] = "whole_line"


class ClauseDoc(Strict):
    """One line of the policy."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    article: str
    title: LabelDoc
    each: str | None = None
    one_line_per: Literal["applicant", "object"] | None = None
    rows: Literal["add_up", "highest"] | None = None
    where: Tree = None
    claimed: Tree = None
    unclaimed_beside: list[str] = []
    when: Tree = None
    award: AwardDoc
    declared: AwardDoc | None = None
    cap: Plain | None = None
    cap_scope: Literal["per_year", "lifetime"] = "per_year"
    once_for: Annotated[list[OnceDoc], BeforeValidator(_as_list)] = []
    less_paid: list[str] = []
    fund: str | FundDoc


class GroupDoc(Strict):
    """Clauses of which the highest is paid, or which add up."""

    id: str
    members: Annotated[list[str], Field(min_length=2)]
    pays: Literal["highest", "sum"]


class UnitSuspectDoc(Strict):
    """Figures so small that they may have been typed in 万元."""

    columns: list[str]
    below: Plain
    at_least: int


class ColumnDoc(Strict):
    """A column of a sheet."""

    header: Plain
    en: str
    type: Literal["uscc", "text", "enum", "yesno", "date", "year", "money", "count", "area"]
    unit: str | None = None
    aliases: list[Plain] = []
    required: bool = False
    values: str | None = None
    open_values: bool = False
    doc: str = ""


class TableDoc(Strict):
    """A sheet."""

    sheet: str
    en: str
    key: list[str]
    parent: str | None = None
    object: str | None = None
    orphans: Literal["error", "warning"] = "error"
    unit_suspect: UnitSuspectDoc | None = None
    distinct: list[str] = []
    doc: str = ""
    columns: dict[str, ColumnDoc] = Field(min_length=1)


class YesNoDoc(Strict):
    """The words for yes and no."""

    true: list[Plain]
    false: list[Plain]


class PolicyDoc(Strict):
    """A whole policy file."""

    policy: str
    title: LabelDoc
    source: LabelDoc
    year: Annotated[int, Field(ge=1949, le=2999)]
    readings: dict[str, ReadingDoc] = {}
    funds: dict[str, LabelDoc] = Field(min_length=1)
    fund_note: LabelDoc | None = None
    applicant: ApplicantDoc
    rounding: Literal["half_up_fen", "down_fen"] = "half_up_fen"
    history: HistoryDoc | None = None
    awards_paid: PaidDoc | None = None
    other_support: SupportDoc | None = None
    decisions: DecisionsDoc | None = None
    one_claimant: dict[str, ClaimantDoc] = {}
    declared_rows: dict[str, list[dict[str, Any]]] = {}
    facts: dict[str, dict[str, FactDoc]] = {}
    clauses: list[ClauseDoc] = Field(min_length=1)
    groups: list[GroupDoc] = []
    notes: list[LabelDoc] = []
    guide: str | None = None
    yes_no: YesNoDoc
    enums: dict[str, dict[str, list[Plain]]] = {}
    tables: dict[str, TableDoc] = Field(min_length=1)


_KINDS = {
    "missing": ("缺少必填项", "is missing"),
    "string_type": ("应为文字", "must be a text"),
    "int_type": ("应为整数", "must be a whole number"),
    "bool_type": ("应为 true 或 false", "must be true or false"),
    "list_type": ("应为列表 [...]", "must be a list"),
    "dict_type": ("应为一组“键: 值”", "must be a mapping"),
    "model_type": ("应为一组“键: 值”", "must be a mapping"),
    "model_attributes_type": ("应为一组“键: 值”", "must be a mapping"),
    "too_short": ("项数不足", "has too few entries"),
    "too_long": ("项数过多", "has too many entries"),
    "literal_error": ("应为 {expected} 之一", "must be one of {expected}"),
    "greater_than_equal": ("太小", "is too small"),
    "less_than_equal": ("太大", "is too large"),
    "string_pattern_mismatch": ("只能用小写字母、数字和下划线", "must be lower-case letters, digits and underscores"),
}


def _line(tree: Any, path: tuple[int | str, ...]) -> int:  # noqa: ANN401  # a tree of plain values
    line: int = getattr(tree, "line", 1)
    for step in path:
        if isinstance(tree, YamlMap) and step in tree:
            line, tree = tree.lines[str(step)], tree[str(step)]
        elif isinstance(tree, YamlList) and isinstance(step, int) and step < len(tree):
            line, tree = tree.lines[step], tree[step]
    return line


def check_form(tree: YamlMap, faults: Faults) -> PolicyDoc | None:
    """A folded tree -> its document; None where its form is so wrong that meaning cannot be looked at."""
    try:
        return PolicyDoc.model_validate(tree, context=faults)
    except ValidationError as error:
        for item in error.errors(include_url=False, include_input=False):
            path = tuple(step for step in item["loc"] if not (isinstance(step, str) and "[" in step))
            zh, en = _KINDS.get(item["type"], ("取值不对: " + item["msg"], "is wrong: " + item["msg"]))
            expected = item.get("ctx", {}).get("expected", "")
            where = ".".join(str(step) for step in path) or "file"
            faults.add(
                _line(tree, path),
                f"{where} {zh.format(expected=expected)}",
                f"`{where}` {en.format(expected=expected)}",
            )
        return None
