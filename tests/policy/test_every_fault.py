"""One fault hides no other and brings no other with it, wherever it stands; and no policy file breaks the loader."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from anqing_subsidy.finding import PolicyError, PolicyFault
from anqing_subsidy.policy import parse_policy
from anqing_subsidy.policy.faults import HOLE, Faults
from anqing_subsidy.policy.yamltree import YamlList, YamlMap, read_tree

SOUND: Final = (Path(__file__).parent.parent / "second_policy" / "policy.yaml").read_text(encoding="utf-8")
LINES: Final = SOUND.split("\n")


def faults_of(text: str) -> tuple[PolicyFault, ...]:
    """The faults of a policy; none where it loads."""
    try:
        parse_policy(text.encode("utf-8", "surrogatepass"), "tea.yaml", {})
    except PolicyError as refusal:
        return refusal.faults
    return ()


# ---- twenty faults of twenty kinds -------------------------------------------------------------------------------------
TWENTY: Final = (
    # what stood there, what stands there now, the line's mark, what is said
    ("en: several levels in one season", "en: no", "    en: no", "write true or false"),
    ("{highest: {zh: 只按最高级, en: the highest}", "{highest: {zh: 只按最高级}", "options: {highest", "is missing: add `en:`"),
    ("county: valley}", "country: valley}", "country", "unknown key `country`; did you mean `county`?"),
    ("  since: planted_on", "  since: planted_at", "planted_at", "did you mean `planted_on`?"),
    ("undecided: [progress == asked]", "undecided: [progress = asked]", "= asked]", "as `progress == asked`"),
    ("effect: exclude", "effect: excluded", "excluded", "must be one of exclude, top_up; did you mean `exclude`?"),
    ("when: [any: [slope == steep, $steep_only == false]]", "when: [any: [slope == steep, $step_only == false]]", "$step_only", "there is no reading `step_only`; did you mean `steep_only`?"),
    ("award: {pay: 3元, per: counted_bushes}", "award: {pay: 3, per: counted_bushes}", "pay: 3,", "end it with 元, as in 3元"),
    ("cap: 2000元", "cap: 2000块", "2000块", "is not a quantity such as 2000万元"),
    ("article: 二", "article: [二]", "[二]", "`clauses.t_sales.article` must be a text, not a list"),
    ("only_above: 1万元", "only_over: 1万元", "only_over", "did you mean `only_above`?"),
    ("due_to: organic", "due_to: leaf_kg", "due_to: leaf_kg", "`due_to` cannot use `leaf_kg` (count); it takes yesno"),
    ("leaf_kg >= 200, leaf_kg < 500", "leaf_kg >= 200斤, leaf_kg < 500", "200斤", "is not in 公斤"),
    ("pay: 1500元", "pay: 1500元, rate: 1%", "rate: 1%", "an award needs exactly one of pay, rate"),
    ("once_for: {same: tier}", "once_for: {same: tier, with: [t_firts]}\n  less_paid:\n  - t_first\n  - t_sale", "  - t_sale", "there is no clause `t_sale`; did you mean `t_scale`?"),
    ("  each: medals", "  each: medal", "each: medal", "there is no table `medal`; did you mean `medals`?"),
    ("award: {rate: 50%, of: cost}\n  cap: 3000元", "award: {rate: 50%, of: cost}\n  cap: 三千", "三千", "is not a quantity"),
    ("{id: sales_or_scale, members: [t_sales, t_scale]", "{id: sales_or_scale, members: [t_sales, t_scail]", "t_scail", "did you mean `t_scale`?"),
    ("medal: {gold: [金]", "medal: {gold: 金", "gold: 金", "`enums.medal.gold` must be a list, not a text"),
    ("    parent: farms\n    orphans", "    parent: frams\n    orphans", "frams", "did you mean `farms`?"),
    ("racks: {header: 萎凋架, en: racks, type: count", "racks: {header: 萎凋架, en: racks, type: cont", "cont,", "did you mean `count`?"),
    ("required: true, values: medal}", "required: maybe, values: medal}", "maybe", "must be true or false, not a text"),
)  # fmt: skip
"""The fifteenth holds two: an unknown clause beside the crossing, and one among those that are taken off."""


def test_faults_of_many_kinds_are_told_at_once_each_on_its_own_line_with_the_way_to_mend_it() -> None:
    text = SOUND
    for old, new, _, _ in TWENTY:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    found = [(fault.line, fault.message.en) for fault in faults_of(text)]
    lines = text.split("\n")
    for _, _, mark, words in TWENTY:
        assert any(mark in lines[line - 1] and words in message for line, message in found), (mark, words)
    assert any("with: [t_firts]" in lines[line - 1] and "did you mean `t_first`?" in said for line, said in found)
    assert len(found) == len(TWENTY) + 1
    assert all(before <= after for (before, _), (after, _) in pairwise(found))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("fund: {fund: leaf, or: green,", "fund:\n    fund: leaf\n    or: gren\n    due_to: organic\n  once_for: {same: object,"),
        ("cap: 2000元", "cap:\n    2000块"),
        ("once_for: {same: tier}", "less_paid:\n  - t_first\n  - t_frist\n  once_for: {same: tier}"),
    ],
)  # fmt: skip
def test_a_fault_within_a_clause_does_not_point_to_where_the_clause_begins(old: str, new: str) -> None:
    text = SOUND.replace(old, new)
    begins = {number for number, line in enumerate(text.split("\n"), 1) if line.startswith("- id:")}
    assert {fault.line for fault in faults_of(text)}.isdisjoint(begins)
    assert faults_of(text)


# ---- a value that cannot be used is one fault, and nothing that comes of it is another -----------------------------------
def values() -> list[tuple[str, int, int]]:
    """Every value of the policy: its keys, where it begins and ends in the text."""
    found: list[tuple[str, int, int]] = []

    def walk(node: yaml.Node | None, path: str) -> None:
        if path and node is not None:
            end = node.start_mark.index + len(SOUND[node.start_mark.index : node.end_mark.index].rstrip())
            found.append((path, node.start_mark.index, end))
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                walk(value, f"{path}.{key.value}")
        elif isinstance(node, yaml.SequenceNode):
            for number, value in enumerate(node.value):
                walk(value, f"{path}.{number}")

    walk(yaml.compose(SOUND, Loader=yaml.SafeLoader), "")
    return found


VALUES: Final = values()


@pytest.mark.parametrize("part", range(8))
def test_a_value_that_cannot_be_used_is_one_fault_wherever_it_stands(part: int) -> None:
    for path, start, end in VALUES[part::32]:
        text = f"{SOUND[:start]} *gone{SOUND[end:]}"
        assert [fault.message.en for fault in faults_of(text)] == [
            "anchors and aliases (gone) are refused: write it out"
        ], path


@pytest.mark.parametrize("parent", ["frams", "stoves", "[farms]"])
def test_what_a_table_has_from_a_parent_that_is_wrong_is_no_second_fault(parent: str) -> None:
    text = SOUND.replace("[cost >= 1000元]", "[cost >= 1000元, organic, farms.racks >= 3]")
    assert not faults_of(text)
    text = text.replace("key: [stove_no]\n    parent: farms", f"key: [stove_no]\n    parent: {parent}")
    assert [text.split("\n")[fault.line - 1] for fault in faults_of(text)] == [f"    parent: {parent}"]


# ---- whatever is typed ---------------------------------------------------------------------------------------------------
WORDS: Final = sorted(set(re.findall(r"[$\w.%]+|[\[\]{}:,]|>=|==", SOUND)))
ODD: Final = (
    "", "no", "010", "1:30", "~", "null", "2e3", "true", "0", "-1", "9" * 30, "9" * 5000, "1元", "-1元", "200%", "$", "$x",
    ".", "a.", "is given", "any", "any:", "*a", "&a x", "!t x", "'", '"', "[", "]", "{", "}", "- a", "? x", "<<", "\t", '"\\0"',
    '"\\0": 1', "%TAG", "---", "...", "#", "{by: organic}", "{by: [a]}", "{by: $reach}", "[]", "{}", "[[]]", "[{}]", "2021-02-30",
    "planted_on + 99999 years", "\0", "\u2028", "\ufeff", "１２", "😀", "\ud800",
)  # fmt: skip


@st.composite
def mistyped(draw: st.DrawFn) -> str:
    """The sound policy with one to four slips: lines lost, doubled, moved, indented; words and marks exchanged."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        slip = draw(st.sampled_from(("lose", "double", "move", "indent", "outdent", "word", "odd", "rename", "nest")))
        line = lines[at]
        spots = [(spot.start(), spot.end()) for spot in re.finditer(r"[$\w.%]+|[\[\]{}:,]|>=|==", line)]
        if slip == "lose":
            del lines[at : at + draw(st.integers(1, 8))]
            lines = lines or [""]
        elif slip == "double":
            lines[at:at] = lines[at : at + draw(st.integers(1, 4))]
        elif slip == "move":
            other = draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], line
        elif slip == "indent":
            lines[at] = " " * draw(st.integers(1, 4)) + line
        elif slip == "outdent":
            lines[at] = line.removeprefix("  ")
        elif spots:
            start, end = draw(st.sampled_from(spots))
            if slip == "rename":
                new = line[start:end] + draw(st.sampled_from("xs_9元"))
            elif slip == "nest":
                new = draw(st.sampled_from(("[{}]", "{{a: {}}}", "{{by: {}}}", "[any: [{}]]"))).format(line[start:end])
            else:
                new = draw(st.sampled_from(WORDS if slip == "word" else ODD))
            lines[at] = line[:start] + new + line[end:]
    return "\n".join(lines)


@settings(max_examples=120, deadline=None)
@given(mistyped())
def test_a_mistyped_policy_loads_or_is_refused_with_the_lines_and_both_languages(text: str) -> None:
    last = len(re.split(r"\r\n|[\n\r\x85\u2028\u2029]", text)) + 1
    for fault in faults_of(text):
        assert 1 <= fault.line <= last
        assert re.search("[一-鿿]", fault.message.zh)
        assert re.search("[a-z]{2}", fault.message.en)
        assert HOLE not in fault.message.zh + fault.message.en


@settings(max_examples=120, deadline=None)
@given(mistyped())
def test_libyaml_reads_what_the_loader_in_python_reads(text: str) -> None:
    if not yaml.__with_libyaml__:
        pytest.skip("PyYAML is here without libyaml")
    data = text.encode("utf-8", "surrogatepass")
    read = []
    for with_libyaml in (True, False):
        faults = Faults()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(yaml, "__with_libyaml__", with_libyaml)
            tree = read_tree(data, faults)
        read.append((plain(tree), faults.found))
    if read[1][0] is not None:  # libyaml takes a tab or a question mark in some places where the other does not
        assert read[0] == read[1]


def plain(tree: object) -> object:
    """A tree with the line of each of its parts."""
    if isinstance(tree, YamlMap):
        return tree.line, [(key, tree.lines[key], plain(value)) for key, value in tree.items()]
    if isinstance(tree, YamlList):
        return tree.line, tree.lines, [plain(value) for value in tree]
    return tree


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_bytes_of_any_kind_are_refused_and_nothing_else(data: bytes) -> None:
    with pytest.raises(PolicyError) as refusal:
        parse_policy(data, "x.yaml", {})
    assert all(fault.line >= 1 and fault.message.zh and fault.message.en for fault in refusal.value.faults)
    assert refusal.value.faults
