"""What the loader refuses: every fault at once, each with its line and the way to mend it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from anqing_subsidy.finding import InputError, PolicyError, PolicyFault
from anqing_subsidy.policy import load_policy, parse_policy
from tests.support import edited

SOUND: Final = (Path(__file__).parent.parent / "second_policy" / "policy.yaml").read_text(encoding="utf-8")
"""The fictional policy: without a fault, and not that of the city."""

MEDALS: Final = "{by: medal, gold: 9000元, silver: 5000元, bronze: 2000元}"
TIERS: Final = "tiers: {10万元: 1000元, 20万元: 3000元, 50万元: 8000元}"
Case = tuple[str, str, str, str]
"""What stood there, what stands there now, a mark where the fault is, words of the message."""
GROUP: Final = "members: [t_sales, t_scale]"


def faults_of(policy: str | bytes) -> tuple[PolicyFault, ...]:
    data = policy.encode() if isinstance(policy, str) else policy
    with pytest.raises(PolicyError) as caught:
        parse_policy(data, "tea.yaml", {})
    return caught.value.faults


def said(policy: str | bytes) -> list[tuple[int, str]]:
    return [(fault.line, fault.message.en) for fault in faults_of(policy)]


def line_of(text: str, mark: str) -> int:
    """The line on which a mark, that stands in the text once, begins."""
    assert text.count(mark) == 1, mark
    return text[: text.index(mark)].count("\n") + 1


def test_the_policy_that_the_faults_are_put_into_has_none() -> None:
    parse_policy(SOUND.encode(), "tea.yaml", {})


# ---- one fault: what stood there, what stands there now, where the fault is, what is said -----------------------------
YAML: Final[dict[str, Case]] = {
    "an unknown key at the top": ("year: 2021", "year: 2021\nyaer: 2022", "yaer", "did you mean `year`?"),
    "an unknown key in a clause": ("claimed: [wants_bushes]", "claimd: [wants_bushes]", "claimd", "did you mean `claimed`?"),
    "an unknown key in an award": ("pay: 3元, per:", "pay: 3元, prr:", "prr", "did you mean `per`?"),
    "an unknown key in a column": ("racks, type: count, unit: 个", "racks, type: count, unlt: 个", "unlt", "did you mean `unit`?"),
    "a merge key": ("year: 2021", "year: 2021\n<<: {a: 1}", "<<", "unknown key `<<`"),
    "a key given twice": ("year: 2021", "year: 2021\nyear: 2022", "year: 2022", "again (first on line 7): drop one"),
    "a nested key given twice": ("  cap: 2000元", "  cap: 2000元\n  cap: 2001元", "2001元", "key `cap` again"),
    "an anchor": ("[wants_bushes]", "&mine [wants_bushes]", "&mine", "anchors and aliases (mine) are refused: write it out"),
    "an alias": ("[wants_bushes]", "*mine", "*mine", "write it out"),
    "a tag": ("year: 2021", "year: !!int 2021", "!!int", "are refused: drop it"),
    "a tag of Python": ("year: 2021", "year: !!python/object/apply:os.getcwd []", "!!python", "are refused: drop it"),
    "a plain no": ("en: \"fictional, for tests\"", "en: no", "en: no}", "write true or false"),
    "a plain Yes": ("zh: 虚构，供测试", "zh: Yes", "zh: Yes", "write true or false"),
    "a number with a leading zero": ("year: 2021", "year: 02021", "02021", "drop the leading zero, or quote it"),
    "a number to the base of sixty": ("zh: 虚构，供测试", "zh: 1:30", "zh: 1:30", "quote it"),
    "a number with an exponent": ("year: 2021", "year: 2e3", "2e3", "write all digits of a number"),
    "a number to the base of sixteen": ("year: 2021", "year: 0x7e5", "0x7e5", "write a plain decimal number"),
    "a number with underscores": ("year: 2021", "year: 2_021", "2_021", "write a plain decimal number"),
    "a number that is none": ("year: 2021", "year: .nan", ".nan", "write all digits of a number"),
    "a tilde": ("zh: 虚构，供测试", "zh: ~", "zh: ~", "leave it empty, or quote it"),
    "a null": ("zh: 虚构，供测试", "zh: null", "zh: null", "leave it empty, or quote it"),
    "a True in capitals": ("wants_bushes: {header: 申请补苗,", "wants_bushes: {required: True, header: 申请补苗,", "wants_bushes: {required: True, header: 申请补苗,", "lower case"),
    "a key of several words": ("year: 2021", "year: 2021\n? [a]\n: 3", "? [a]", "a key must be a single word"),
    "a bracket that is not closed": ("members: [t_sales, t_scale]", "members: [t_sales, t_scale", "members: [t_sales, t_scale", "not valid YAML"),
    "a tab": ("  reach:\n", "\treach:\n", "\treach", "not valid YAML"),
    "a second document": ("policy: qingwu", "---\npolicy: a\n---\npolicy: qingwu", "---\npolicy: qingwu", "not valid YAML"),
}  # fmt: skip
FORM: Final[dict[str, Case]] = {
    "a missing year": ("year: 2021\n", "", "policy: qingwu", "`year` is missing: add `year:`"),
    "a missing title": ("  title: {zh: 规模茶园, en: Farms of scale}\n", "", "- id: t_scale", "`clauses.t_scale.title` is missing: add `title:`"),
    "a missing fund": ("per: counted_bushes}\n  cap: 2000元\n  fund: leaf\n", "per: counted_bushes}\n", "- id: t_bushes", "clause `t_bushes` names no fund"),
    "a clause that cites no article": ("  article: 三\n", "", "- id: t_scale", "`clauses.t_scale.article` is missing"),
    "a year in words": ("year: 2021", "year: 今年", "今年", "`year` must be a whole number"),
    "a list where a text is wanted": ("table: farms, code", "table: [farms], code", "[farms]", "`applicant.table` must be a text"),
    "a text where a list is wanted": ("members: [t_sales, t_scale]", "members: t_sales", "members: t_sales", "`groups.sales_or_scale.members` must be a list, not a text"),
    "a group of one": ("members: [t_sales, t_scale]", "members: [t_sales]", "members: [t_sales]", "has too few entries"),
    "a reading of one option": ("{ge: {zh: 算, en: \"yes\"}, gt: {zh: 不算, en: \"no\"}}", "{ge: {zh: 算, en: \"yes\"}}", "ge: {zh: 算", "too few entries"),
    "an unknown kind of column": ("header: 萎凋架, en: racks, type: count", "header: 萎凋架, en: racks, type: cuont", "cuont", "must be one of"),
    "an unknown effect": ("effect: exclude", "effect: forbid", "forbid", "`other_support.effect` must be one of exclude, top_up"),
    "a clause id in capitals": ("- id: t_kit", "- id: T-Kit", "T-Kit", "lower-case letters, digits and underscores"),
}  # fmt: skip
MEANING: Final[dict[str, Case]] = {
    "an unknown fact in a condition": ("[counted_bushes >= 100]", "[counted_bushs >= 100]", "counted_bushs", "`farms` has no fact `counted_bushs`; did you mean `counted_bushes`?"),
    "an unknown fact in an any": ("racks is given, cold_store", "racks is given, cold_stor", "cold_stor]", "did you mean `cold_store`?"),
    "an unknown fact as an operand": ("leaf_sales > 5万元", "leaf_sales > leaf_sale", "leaf_sale]", "did you mean `leaf_sales`?"),
    "an unknown fact in an award": ("per: racks,", "per: rack,", "per: rack,", "did you mean `racks`?"),
    "an unknown base": ("of: leaf_sales, only", "of: leaf_sale, only", "leaf_sale,", "did you mean `leaf_sales`?"),
    "an unknown fact in a derived one": ("add: [stove_price, chimney_price]", "add: [stove_price, chimny_price]", "chimny_price", "did you mean `chimney_price`?"),
    "a fact of another branch of tables": ("[counted_bushes >= 100]", "[plots.bushes >= 100]", "plots.bushes", "has no fact `plots.bushes`"),
    "an unknown reading": ("past: $reach", "past: $reech", "$reech", "there is no reading `reech`; did you mean `reach`?"),
    "an unknown reading that decides an amount": ("pays: {by: $t_sales_or_scale", "pays: {by: $t_sale_or_scale", "$t_sale_or", "did you mean `t_sales_or_scale`?"),
    "an unknown reading in a condition": ("$steep_only == false", "$step_only == false", "$step_only", "did you mean `steep_only`?"),
    "an option that no value is given for": ("higher: highest, both: sum", "higher: highest", "pays: {by:", "no value for option `both` of reading `t_sales_or_scale`"),
    "an unknown option of a reading": ("higher: highest, both: sum", "higher: highest, both: sum, none: sum", "none: sum", "has no option `none`"),
    "an unknown option in a condition": ("$steep_only == false", "$steep_only == maybe", "maybe", "reading `steep_only` has no option `maybe`"),
    "an unknown value of an enumeration": ("where: [surveyed, slope == steep]", "where: [surveyed, slope == steap]", "steap", "`slope` has no value `steap`; did you mean `steep`?"),
    "an unknown value in a list of values": ("giver is province or county", "giver is province or city", "or city", "`giver` has no value `city`"),
    "an unknown value that decides an amount": ("{by: medal, gold: 9000元, silver: 5000元, bronze: 2000元}", "{by: medal, golden: 9000元, silver: 5000元, bronze: 2000元}", "golden", "`medal` has no value `golden`; did you mean `gold`?"),
    "an unknown answer that decides a rate": ("{by: organic, true: 3%, false", "{by: organic, sure: 3%, false", "sure:", "`organic` has no value `sure`"),
    "an unknown enumeration": ("type: enum, values: progress", "type: enum, values: progres", "progres}", "did you mean `progress`?"),
    "an enumeration without values": ("type: enum, values: progress", "type: enum", "progress: {header", "enum column `progress` needs `values`"),
    "an amount that does not end with 元": ("pay: 1500元", "pay: 1500", "pay: 1500,", "end it with 元, as in 1500元"),
    "a cap that does not end with 元": ("cap: 2000元", "cap: 2000", "cap: 2000\n", "end it with 元, as in 2000元"),
    "a tier that does not end with 元": ("tiers: {10万元: 1000元, 20万元: 3000元, 50万元: 8000元}", "tiers: {10万元: 1000元, 20万: 3000元, 50万元: 8000元}", "20万: ", "end it with 元, as in 20万元"),
    "a comparison with money that does not end with 元": ("leaf_sales > 5万元", "leaf_sales > 5万", "> 5万", "end it with 元, as in 5万元"),
    "an amount finer than a fen": ("pay: 1500元", "pay: 0.001元", "0.001元", "finer than a fen"),
    "a negative amount": ("pay: 1500元", "pay: -1500元", "-1500元", "is negative: write 0 or more"),
    "a rate without a percent sign": ("rate: 50%", "rate: '0.5'", "'0.5'", "is not a rate: write it as 1% or 5‰"),
    "a count with a unit": ("racks >= 10]", "racks >= 10台]", "10台", "leave out the unit"),
    "tiers that do not ascend": ("tiers: {10万元: 1000元, 20万元: 3000元, 50万元: 8000元}", "tiers: {20万元: 3000元, 10万元: 1000元, 50万元: 8000元}", "{20万元", "tiers must ascend"),
    "a first crossing without tiers": (" tiers: {10万元: 1000元, 20万元: 3000元, 50万元: 8000元},", "", "first_past: leaf_sales", "`first_past` needs `tiers`"),
    "an unknown clause in a group": ("members: [t_sales, t_scale]", "members: [t_sales, t_scales]", "t_scales]", "group `sales_or_scale` has an unknown member `t_scales`; did you mean `t_scale`?"),
    "an unknown clause beside a crossing": ("once_for: {same: tier}", "once_for: {same: tier, with: [t_frist]}", "t_frist", "there is no clause `t_frist`; did you mean `t_first`?"),
    "an unknown clause that is taken off": ("once_for: {same: tier}", "once_for: {same: tier}\n  less_paid: [t_frist]", "less_paid: ", "there is no clause `t_frist`"),
    "an unknown fund": ("{fund: leaf, or: green,", "{fund: leef, or: green,", "leef", "there is no fund `leef`; did you mean `leaf`?"),
    "an unknown other fund": ("{fund: leaf, or: green,", "{fund: leaf, or: gren,", "gren,", "there is no fund `gren`; did you mean `green`?"),
    "a clause whose article is blank": ("article: 三", "article: ''", "article: ''", "clause `t_scale` cites no article: say which"),
    "a clause id given twice": ("- id: t_kit\n", "- id: t_scale\n", "- id: t_scale\n  article: 四", "clause `t_scale` again"),
    "an unknown table of rows": ("each: stoves", "each: stovs", "stovs", "there is no table `stovs`; did you mean `stoves`?"),
    "an unknown table that is counted": ("count: plots,", "count: plotz,", "plotz", "there is no table `plotz`; did you mean `plots`?"),
    "an unknown column of the applicant": ("county: valley", "county: vally", "vally", "table `farms` has no column `vally`; did you mean `valley`?"),
    "an unknown column of the awards paid": ("tier: rung", "tier: wrung", "wrung", "table `past_grants` has no column `wrung`; did you mean `rung`?"),
    "an unknown column of other support": ("  same_matter: same_purpose", "  same_matter: same_purpos", "same_purpos\n", "did you mean `same_purpose`?"),
    "an unknown column of history": ("  year: season\n", "  year: seson\n", "seson\n", "did you mean `season`?"),
    "an unknown claimant": ("{key: person, claimant: farm_no}", "{key: person, claimant: form_no}", "form_no", "did you mean `farm_no`?"),
    "an unknown parent": ("key: [stove_no]\n    parent: farms", "key: [stove_no]\n    parent: frams", "frams", "parent `frams` of table `stoves` does not exist; did you mean `farms`?"),
    "a key that is no column": ("key: [stove_no]", "key: [stov_no]", "stov_no", "key `stov_no` of table `stoves` is not one of its columns; did you mean `stove_no`?"),
    "a reading alone as a condition": ("[slope == steep, $steep_only == false]", "[slope == steep, $steep_only]", "$steep_only]", "compared with an option: `$reading == option`"),
    "a yes/no fact that is true": ("claimed: [wants_bushes]", "claimed: [wants_bushes is true]", "is true", "write `wants_bushes` or `not wants_bushes`"),
    "a yes/no fact compared with a word": ("claimed: [wants_bushes]", "claimed: [wants_bushes == 有]", "== 有", "write `wants_bushes` alone"),
    "two conditions in one line": ("[counted_bushes >= 100]", "[counted_bushes >= 100 and organic]", "and organic", "one condition a line: split"),
    "two yes/no facts in one line": ("claimed: [wants_bushes]", "claimed: [wants_bushes and organic]", "and organic", "one condition a line: split"),
    "a fact of rows below": ("claimed: [wants_bushes]", "claimed: [surveyed]", "claimed: [surveyed]", "one by one with `each: plots`"),
    "a sum in place of a name": ("per: counted_bushes}", "per: counted_bushes - racks}", "- racks", "no arithmetic here, make it a fact"),
    "a share in place of an amount": ("pay: 3元, per", "pay: 3%, per", "pay: 3%", "'3%' is not an amount of money, as 2000万元 is"),
    "a fixed part as a ratio": ("pay: 3元, per: counted_bushes}", "pay: 3元, per: counted_bushes, prorate_by: 80%}", "80%", "a fixed part is `multiply_by: 80%`"),
    "rows put together into nothing": ("  each: stoves", "  each: stoves\n  rows: add_up", "  rows: add_up\n  when: [cost", "say `one_line_per: applicant` or `object`"),
    "tiers that are a list": (TIERS, "tiers: [10万元, 20万元]", "tiers: [10", "must be a mapping, not a list"),
    "a cap on the share of a pool": ("award: {pay: 3元, per: counted_bushes}", "award: {pool: 1万元, shared_by: counted_bushes, open_lines: leave_out, cap: 1元}", "cap: 1元", "`cap` does not go with `pool`: the cap stands at the clause"),
    "parts that block the later ones": ("  cap: 2000元\n", "  cap: 2000元\n  less_paid: [t_bushes]\n  instalments: {year: racks, shares: [50%, 50%]}\n", "  instalments:", "its earlier parts would block or cut the later ones"),
    "a condition that cannot be read": ("[counted_bushes >= 100]", "[counted_bushes at least 100]", "at least", "write `fact >= value`"),
    "an any inside an any": ("any: [racks is given, cold_store]", "any: [racks is given, [any: [cold_store, organic]]]", "racks is given, [", "make the inner one a fact"),
    "a yes/no fact that is not one": ("claimed: [wants_bushes]", "claimed: [racks]", "[racks]", "`racks` is not a yes/no fact: compare it with something"),
    "an order among texts": ("[counted_bushes >= 100]", "[valley >= 东谷]", "东谷", "`valley` has no order"),
    "two facts that are of different kinds": ("[counted_bushes >= 100]", "[racks >= leaf_sales]", "racks >= leaf_sales", "are of different kinds"),
    "a yes/no fact that is compared with a number": ("[counted_bushes >= 100]", "[organic == 3]", "organic == 3", "`organic` cannot be compared with '3': write `organic` or `not organic`"),
    "a number beyond every figure": ("[counted_bushes >= 100]", "[counted_bushes >= 99999999999999999]", "99999999999999999", "is beyond every figure"),
    "a number of endless digits": ("[counted_bushes >= 100]", "[counted_bushes >= " + "9" * 5000 + "]", "[counted_bushes >= 9", "more than 18 digits"),
    "a date moved by endless years": ("[counted_bushes >= 100]", "[planted_on >= planted_on + 10000 years]", "10000 years", "too far apart, at most 200 years"),
    "a day that is not in the calendar": ("[counted_bushes >= 100]", "[planted_on >= 2021-02-30]", "2021-02-30", "`planted_on` cannot be compared with '2021-02-30'"),
    "an award of two shapes": ("pay: 1500元,", "pay: 1500元, rate: 3%, of: leaf_sales,", "pay: 1500元", "an award needs exactly one of pay, rate"),
    "an award of no shape": ("{pay: 1500元, when: [cold_store]}", "{when: [cold_store]}", "{when: [cold_store]}", "an award needs exactly one of pay, rate"),
    "a rate of nothing": ("{rate: 50%, of: cost}", "{rate: 50%}", "{rate: 50%}", "`rate` needs `of`: the base"),
    "a fact of two operations": ("add: [stove_price, chimney_price]}", "add: [stove_price, chimney_price], year_of: farms.planted_on}", "year_of:", "fact `cost` needs exactly one of"),
    "a sum of no column": ("sum: plots, of: bushes, where", "sum: plots, where", "sum: plots, where", "`sum` needs `of`: the column to add up"),
    "a fact that depends on itself": ("add: [stove_price, chimney_price]", "same_as: cost", "same_as: cost", "fact `cost` depends on itself"),
    "rows put together without saying how": ("one_line_per: applicant\n  rows: add_up", "one_line_per: applicant", "one_line_per: applicant", "say `rows: add_up` or `highest`"),
    "a level without its order": ("level], highest_first: [gold, silver, bronze]}", "level]}", "level]}", "needs `pay: {by: level …}` and `highest_first`"),
}  # fmt: skip

EVERY: Final = [pytest.param(*case, id=name) for group in (YAML, FORM, MEANING) for name, case in group.items()]


@pytest.mark.parametrize(("old", "new", "mark", "words"), EVERY)
def test_a_fault_is_refused_with_its_line_and_the_way_to_mend_it(old: str, new: str, mark: str, words: str) -> None:
    text = edited(SOUND, (old, new))
    found = faults_of(text)
    assert {fault.line for fault in found if words in fault.message.en} == {line_of(text, mark)}
    for fault in found:
        assert re.search("[一-鿿]", fault.message.zh)


def test_a_table_of_applicants_that_is_not_there_is_refused_with_its_line() -> None:
    text = edited(SOUND, ("{table: farms, code", "{table: farmz, code"))
    assert (line_of(text, "farmz"), "there is no table `farmz`; did you mean `farms`?") in said(text)


def test_a_tier_of_a_clause_that_crosses_nothing_is_refused() -> None:
    text = edited(SOUND, ("once_for: {same: object}", "once_for: {same: tier}"))
    assert said(text) == [
        (
            line_of(text, "once_for: {same: tier}\n  fund: green\n\n- id: t_appr"),
            "`same: tier` goes with `first_past`: say `object` or `applicant`",
        )
    ]


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ("history", "`first_past` needs `history:` at the top level"),
    ],
)
def test_a_rule_without_the_table_that_it_needs_is_refused(block: str, words: str) -> None:
    lines = SOUND.splitlines(keepends=True)
    start = next(at for at, line in enumerate(lines) if line.startswith(f"{block}:"))
    end = next(at for at in range(start + 1, len(lines)) if lines[at].strip() == "")
    assert words in {message for _, message in said("".join(lines[:start] + lines[end:]))}


def test_texts_that_yaml_would_change_are_taken_as_they_are_when_quoted() -> None:
    for text in ("no", "010", "1:30", "1e3", "~", "True"):
        policy = parse_policy(edited(SOUND, ("zh: 虚构，供测试", f'zh: "{text}"')).encode(), "tea.yaml", {})
        assert policy.source.zh == text


# ---- the file as a whole ------------------------------------------------------------------------------------------------
def test_a_file_that_is_nested_too_deeply_is_refused_with_the_line() -> None:
    assert said("policy: x\ndeep: " + "[" * 200 + "]" * 200) == [(2, "nested deeper than 40 levels")]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_the_deepest_nesting_does_no_harm(opening: str) -> None:
    anchor, (_, message) = said("a: &b 1\nx: " + opening * 100_000)
    assert anchor == (1, "anchors and aliases (b) are refused: write it out")
    assert message.startswith(("nested deeper than", "not valid YAML"))


def test_a_file_that_is_too_large_is_refused() -> None:
    ((line, message),) = said(SOUND + "# " + "x" * 1_000_000)
    assert (line, message) == (1, "larger than 1,000,000 bytes: not a policy file")


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_a_file_that_is_not_utf8_is_refused_with_the_line_of_the_first_such_byte(encoding: str) -> None:
    text = "policy: x\n# ok\ntitle: 安徽\n"
    ((line, message),) = said(text.encode(encoding))
    assert line == (3 if encoding == "gb18030" else 1)
    assert message == "not UTF-8 text: save it as UTF-8"


def test_a_byte_order_mark_is_no_fault() -> None:
    assert parse_policy(b"\xef\xbb\xbf" + SOUND.encode(), "tea.yaml", {}).id == "qingwu-tea-2021"


@pytest.mark.parametrize("text", ["", "\n\n", "# only a remark\n", "[]", "- a\n- b\n", "policy", "3"])
def test_a_file_that_is_no_mapping_is_refused(text: str) -> None:
    assert said(text) == [(1, "the file must be a mapping of keys to values")]


def test_an_empty_mapping_lacks_every_required_key() -> None:
    missing = {message for _, message in said("{}")}
    assert {
        f"`{key}` is missing: add `{key}:`"
        for key in ("policy", "title", "year", "funds", "applicant", "clauses", "tables")
    } <= missing


@pytest.mark.parametrize("name", ["nowhere.yaml", "."])
def test_a_file_that_cannot_be_opened_is_an_input_error_that_names_it(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot read the policy file") as caught:
        load_policy(tmp_path / name)
    assert not isinstance(caught.value, PolicyError)
    assert str(tmp_path / name) in caught.value.message.zh


# ---- all at once ---------------------------------------------------------------------------------------------------------
def lines_of(text: str) -> set[int]:
    """The lines on which a text of the sound policy stands."""
    first = SOUND[: SOUND.index(text)].count("\n")
    return set(range(first, first + text.rstrip("\n").count("\n") + 1))


def together(cases: dict[str, Case], wanted: int, *, without: tuple[str, ...] = ()) -> list[Case]:
    """As many of the cases, none of which touches a line of another."""
    used: set[int] = set()
    chosen: list[Case] = []
    for name, case in cases.items():
        if name not in without and not used & lines_of(case[0]) and len(chosen) < wanted:
            used |= lines_of(case[0])
            chosen.append(case)
    assert len(chosen) == wanted
    return chosen


def test_twenty_faults_are_all_listed_in_the_order_of_their_lines() -> None:
    others = (
        "an unknown reading",
        "an unknown reading that decides an amount",
        "an unknown enumeration",  # its values are unknown then, too
        "an unknown table of rows",  # nothing else of the clause can be looked at
        "a clause id given twice",
    )
    chosen = together(MEANING, 20, without=others)
    text = edited(SOUND, *((old, new) for old, new, _, _ in chosen))
    found = said(text)
    for _, _, mark, words in chosen:
        assert any(line == line_of(text, mark) and words in message for line, message in found), words
    assert len(found) == 20
    assert [line for line, _ in found] == sorted(line for line, _ in found)
    with pytest.raises(PolicyError) as caught:
        parse_policy(text.encode(), "tea.yaml", {})
    listed = str(caught.value).splitlines()
    assert listed == ["tea.yaml: 20 fault(s)", *(f"  tea.yaml:{line}: {message}" for line, message in found)]


def test_faults_of_form_are_all_listed_too() -> None:
    chosen = together(FORM, 10)
    text = edited(SOUND, *((old, new) for old, new, _, _ in chosen))
    found = said(text)
    for _, _, mark, words in chosen:
        assert any(line == line_of(text, mark) and words in message for line, message in found), words


@pytest.mark.parametrize("name", ["an unknown reading", "an unknown effect", "a missing title"])
def test_a_fault_of_form_hides_no_fault_of_meaning(name: str) -> None:
    old, new, _, words = (FORM | MEANING)[name]
    found = said(edited(SOUND, (old, new), ("[counted_bushes >= 100]", "[counted_bushs >= 100]")))
    assert any(words in message for _, message in found)
    assert any("has no fact `counted_bushs`" in message for _, message in found)


def test_an_unknown_reading_is_one_fault() -> None:
    assert len(said(edited(SOUND, ("past: $reach", "past: $reech")))) == 1


def test_surprises_of_yaml_and_unknown_keys_and_unknown_facts_are_listed_together() -> None:
    text = edited(
        SOUND,
        ("zh: 虚构，供测试", "zh: no"),
        ("year: 2021", "year: 2020\nyear: 2021"),
        ("claimed: [wants_bushes]", "claimd: [wants_bushes]"),
        ("[counted_bushes >= 100]", "[counted_bushs >= 100]"),
        ("pay: 1500元", "pay: 1500"),
    )
    marks = ("zh: no", "year: 2021\n\n", "claimd", "counted_bushs", "pay: 1500,")
    assert [line for line, _ in said(text)] == [line_of(text, mark) for mark in marks]


# ---- what is legal in form and says something that cannot be meant ----------------------------------------------------
GAPS: Final = {
    "a year that no calendar has": ("year: 2021", "year: 0"),
    "a count paid out as an amount": ("award: {pay: 3元, per: counted_bushes}", "award: {pay: racks}"),
    "an amount for each day of a date": ("per: counted_bushes", "per: planted_on"),
    "an amount for each name": ("per: counted_bushes", "per: valley"),
    "a share of a yes/no fact": ("{rate: 50%, of: cost}", "{rate: 50%, of: farms.organic}"),
    "a crossing of a figure that history does not hold": (f"first_past: leaf_sales, past: $reach, {TIERS}", "first_past: leaf_kg, past: $reach, tiers: {10: 1元}"),
    "the year of a count": ("terraces: {zh", "founded: {zh: 年, en: year, year_of: racks}\n    terraces: {zh"),
    "money and a text added up": ("add: [stove_price, chimney_price]", "add: [stove_price, stove_no]"),
    "a fund that moves with a count": ("due_to: organic", "due_to: racks"),
    "money and pieces added up": ("add: [stove_price, chimney_price]", "add: [stove_price, farms.racks]"),
    "a value of the enumeration that pays nothing unsaid": (MEDALS, "{by: medal, gold: 9000元}"),
    "an order of levels that leaves one out": ("highest_first: [gold, silver, bronze]", "highest_first: [gold]"),
    "a level that the enumeration does not have": ("highest_first: [gold, silver, bronze]", "highest_first: [gold, silver, iron]"),
    "a group within itself": (GROUP, "members: [t_sales, sales_or_scale]"),
    "a clause that is twice in a group": (GROUP, "members: [t_sales, t_sales]"),
    "a group with the id of a clause": ("id: sales_or_scale", "id: t_kit"),
    "a tier that stands there twice": (TIERS, "tiers: {10万元: 1000元, 100000元: 3000元}"),
    "two columns of one header": ("header: 萎凋架", "header: 冷库"),
    "two tables of one sheet": ("sheet: 地块", "sheet: 茶园"),
    "a word of two values": ("silver: [银]", "silver: [金]"),
    "a word for both yes and no": ("\"false\": [没有]", "\"false\": [有]"),
    "an any of nothing": ("any: [racks is given, cold_store]", "any: []"),
    "an unknown column that must not repeat": ("    object: person\n", "    object: person\n    distinct: [nope]\n"),
    "an unknown column of suspected units": ("    sheet: 茶园\n", "    sheet: 茶园\n    unit_suspect: {columns: [nope], below: 1元, at_least: 3}\n"),
    "an amount beyond every budget": ("pay: 3元, per", "pay: 99999999亿元, per"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new"), [pytest.param(*case, id=name) for name, case in GAPS.items()])
def test_what_ought_to_be_refused_is_refused(old: str, new: str) -> None:
    assert said(edited(SOUND, (old, new)))


def test_a_table_that_is_its_own_ancestor_is_refused(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(
        edited(SOUND, ("    key: [farm_no]\n    columns", "    key: [farm_no]\n    parent: plots\n    columns")),
        encoding="utf-8",
    )
    code = f"from anqing_subsidy import load_policy; load_policy({str(policy)!r})"
    done = subprocess.run([sys.executable, "-c", code], timeout=5, capture_output=True, encoding="utf-8", check=False)
    assert "PolicyError" in done.stderr


# ---- headers and their units --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("header", ["销售额(元)", "销售额（万元）"])
def test_a_header_that_says_its_unit_in_brackets_is_refused(header: str) -> None:
    text = edited(
        SOUND,
        (
            "leaf_sales: {header: 茶叶销售额, en: leaf sales, type: money, unit: 元}\n      leaf_kg",
            f"leaf_sales: {{header: {header}, en: leaf sales, type: money, unit: 元}}\n      leaf_kg",
        ),
    )
    ((line, words),) = said(text)
    assert line == line_of(text, header)
    assert words.startswith(f"header {header} of column `leaf_sales` goes without its unit: write 销售额")


def test_other_brackets_belong_to_a_header() -> None:
    parse_policy(edited(SOUND, ("header: 冷库", "header: 冷库(座)")).encode(), "tea.yaml", {})
