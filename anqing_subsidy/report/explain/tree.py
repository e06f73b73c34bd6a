"""An explanation as a tree: what each line rests on, in a terminal or wherever plain text goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TextIO

from anqing_subsidy.money import grouped
from anqing_subsidy.report.explain.widths import wrapped

if TYPE_CHECKING:
    from anqing_subsidy.finding import Lang
    from anqing_subsidy.report.explain.model import Check, Explanation, LineExplained, Turned

MARKS: Final = {True: "√", False: "×", None: "?"}
_STYLES: Final = {
    "eligible": "green",
    "eligible_with_held": "yellow",
    "pending": "yellow",
    "held": "magenta",
    "invalid": "red",
}
_CHECKED: Final = {True: "green", False: "red", None: "yellow"}
_NARROWEST: Final = 20
UNWRAPPED: Final = 10_000
"""The width of plain text that goes to a file or to another program."""


@dataclass
class Node:
    """A text and what stands below it."""

    text: str
    style: str = ""
    children: list[Node] = field(default_factory=list)


class Tree:
    """The tree of an explanation, in one language."""

    def __init__(self, explanation: Explanation, lang: Lang) -> None:
        self.explanation = explanation
        self.zh = lang == "zh"

    def say(self, zh: str, en: str) -> str:
        """One of two wordings."""
        return zh if self.zh else en

    def roots(self) -> list[Node]:
        """The applicant with its lines, then the findings about its cells."""
        it, say = self.explanation, self.say
        head = "  ".join(filter(None, (it.name, it.code, it.county, it.cell)))
        money = [f"{say('合计', 'total')} {self.yuan(it.total)}"]
        money += [f"{label} {self.yuan(amount)}" for label, amount in it.by_fund if amount]
        if it.potential is None:
            money.append(say("另有可能 未定", "possible besides: not bounded"))
        elif it.potential:
            money.append(say(f"另有可能 {self.yuan(it.potential)}", f"possible besides {self.yuan(it.potential)}"))
        lines = [self._line(line) for line in it.lines]
        if not lines:
            lines = [Node(say("未申请任何条款", "claims no clause"))]
        roots = [Node(head, "bold", [Node(say("；", "; ").join(money), "bold"), *lines])]
        if it.findings:
            found = [Node(f"[{severity}] {place}  {message}" + (f" → {fix}" if fix else "")) for severity, place, message, fix in it.findings]  # fmt: skip
            roots.append(Node(say("数据中的问题", "what was found in the data"), "bold", found))
        return roots

    def yuan(self, fen: int) -> str:
        """An amount with its unit."""
        return grouped(fen) + self.say(" 元", " yuan")

    def _line(self, line: LineExplained) -> Node:
        say, status = self.say, str(line.record["status"])
        thing = f" [{line.record['object_id']}]" if line.record["object_id"] else ""
        head = f"{line.article} {line.title}{thing}  {line.status}  {self.yuan(line.amount)}"
        node = Node(head, _STYLES.get(status, "bold" if line.amount else ""))
        rows: list[tuple[str, str]] = [
            (say("理由", "reason"), line.says("reason_text")),
            (say("计算", "formula"), line.says("formula")),
            (say("缺少", "missing"), line.says("missing")),
        ]
        node.children += [Node(f"{label}：{text}" if self.zh else f"{label}: {text}") for label, text in rows if text]
        refused = status in ("ineligible", "invalid") and not line.blocked_by
        changed = len(line.steps) > 2 or line.steps[0][1] != line.amount
        if changed and not refused:
            steps = say("，", ", ").join(f"{label} {grouped(value)}" for label, value in line.steps)
            node.children.append(Node(say(f"各步：{steps}", f"steps: {steps}")))
        if line.blocked_by:
            blocked = [Node(text, "magenta") for text in line.blocked_by]
            node.children.append(
                Node(say("牵涉的兑现、支持或申报", "awards, support or claims that bear on it"), "", blocked)
            )
        if line.checks:
            node.children.append(
                Node(
                    say("条件（√ 成立，× 不成立，? 未定）", "conditions (√ holds, × fails, ? unknown)"),
                    "",
                    self._checks(line.checks),
                )
            )
        if line.rows:
            rows_ = [
                Node(f"{row.name}{'：' if self.zh else ': '}{row.says}", "" if row.counts else "dim")
                for row in line.rows
            ]
            node.children.append(Node(say("各行", "rows"), "", rows_))
        if line.facts:
            node.children.append(Node(say("数据", "facts"), "", list(self._facts(line))))
        node.children += self._turned(line)
        if line.near:
            close = say("（距门槛 1% 以内，易有争议，请重点核对）", " (within 1 % of a threshold: check it with care)")
            text = line.near + (close if line.near_is_close else "")
            node.children.append(
                Node(say(f"再差多少：{text}", f"nearest to more: {text}"), "yellow" if line.near_is_close else "")
            )
        if line.fund:
            node.children.append(Node(say(f"资金：{line.fund}", f"fund: {line.fund}")))
        if line.marks:
            node.children.append(Node(say(f"标记：{line.marks}", f"flags: {line.marks}")))
        if line.todo:
            node.children.append(Node(say(f"怎么办：{line.todo}", f"what to do: {line.todo}"), "yellow"))
        return node

    def _checks(self, checks: Sequence[Check]) -> list[Node]:
        """Conditions one below the other; the ways of a choice below it, each with its conditions."""
        nodes = []
        for check in checks:
            node = Node(self.checked(check), _CHECKED[check.met])
            for number, way in enumerate(check.ways, start=1):
                inner = self._checks(way) or [Node(self.say("无另外的条件", "no further condition"), "dim")]
                node.children.append(_folded(Node(f"({number})", "", inner)))
            nodes.append(node)
        return nodes

    def checked(self, check: Check) -> str:
        """A condition with its mark, what it is short of, and that it is close."""
        notes = []
        if check.short:
            notes.append(self.say(f"差 {check.short}", f"short by {check.short}"))
        if check.close:
            notes.append(self.say("距门槛 1% 以内", "within 1 % of the threshold"))
        noted = self.say(f"（{'，'.join(notes)}）", f" ({', '.join(notes)})") if notes else ""
        return f"{MARKS[check.met]} {check.text}{noted}"

    def _facts(self, line: LineExplained) -> Iterator[Node]:
        for fact in line.facts:
            behind = f"（{fact.behind}）" if fact.behind and self.zh else f" ({fact.behind})" if fact.behind else ""
            cell = f"  [{fact.cell}]" if fact.cell else ""
            rows = [Node(text, "dim") for text in fact.rows]
            if rows:
                rows = [Node(self.say("未计入的行", "rows that do not count"), "dim", rows)]
            yield Node(f"{fact.label} {fact.value}{behind}{cell}", "", rows)

    def _turned(self, line: LineExplained) -> list[Node]:
        """The readings: those that would change the amount in full, the others by name."""
        matter = [turned for turned in line.turned if turned.matters(line.amount, str(line.record["status"]))]
        rest = [turned.title for turned in line.turned if turned.others and turned not in matter]
        nodes = [
            Node(text) for turned in matter for text in self.turned(turned, line.amount, str(line.record["status"]))
        ]
        if rest:
            names = self.say("；", "; ").join(rest)
            nodes.append(
                Node(
                    self.say(f"换一种口径也不改变本条的：{names}", f"other options change nothing here: {names}"), "dim"
                )
            )
        return [Node(self.say("口径", "readings"), "", nodes)] if nodes else []

    def turned(self, turned: Turned, amount: int, status: str) -> Iterator[str]:
        """The option in force, and each other one with what it would give."""
        for other in turned.others:
            if other.amount == amount:
                if other.status != status:
                    named = other.called or self.say("没有这一条", "no line")
                    yield self.say(
                        f"{turned.title}：现按“{turned.says}”；若按“{other.says}”（{turned.id}={other.option}），本条为“{named}”",
                        f"{turned.title}: now `{turned.says}`; with `{other.says}` ({turned.id}={other.option}) this line is `{named}`",
                    )
                continue
            gap = grouped(abs(other.amount - amount))
            more = other.amount > amount
            yield self.say(
                f"{turned.title}：现按“{turned.says}”；若按“{other.says}”（{turned.id}={other.option}），本条 {grouped(other.amount)} 元，{'多' if more else '少'} {gap}；全户 {grouped(other.total)} 元",
                f"{turned.title}: now `{turned.says}`; with `{other.says}` ({turned.id}={other.option}) this line comes to {grouped(other.amount)} yuan, {gap} {'more' if more else 'less'}, the applicant to {grouped(other.total)}",
            )


def _folded(node: Node) -> Node:
    """A way of one condition stands on one line."""
    if len(node.children) == 1 and not node.children[0].children:
        only = node.children[0]
        return Node(f"{node.text} {only.text}", only.style)
    return node


def drawn(nodes: Sequence[Node], width: int) -> Iterator[tuple[str, str, str]]:
    """The lines of a tree: the branches before the text, the text, its style."""
    for node in nodes:
        for text in wrapped(node.text, width):
            yield "", text, node.style
        yield from _below(node.children, "", width)
        yield "", "", ""


def _below(nodes: Sequence[Node], before: str, width: int) -> Iterator[tuple[str, str, str]]:
    for at, node in enumerate(nodes, start=1):
        last = at == len(nodes)
        first, further = before + ("└─ " if last else "├─ "), before + ("   " if last else "│  ")
        below = "│  " if node.children else ""
        for number, text in enumerate(wrapped(node.text, max(width - len(first), _NARROWEST))):
            yield (first if not number else further + below), text, node.style
        yield from _below(node.children, further, width)


def show(explanation: Explanation, lang: Lang, stream: TextIO) -> None:
    """Write the tree: wrapped and coloured in a terminal, one line a node elsewhere."""
    roots = Tree(explanation, lang).roots()
    if not stream.isatty():
        stream.writelines(f"{before}{text}".rstrip() + "\n" for before, text, _ in drawn(roots, UNWRAPPED))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, highlight=False)
    for before, text, style in drawn(roots, console.width):
        console.print(Text.assemble((before, "dim"), (text, style)), soft_wrap=True)
