"""An explanation as Markdown and as a web page: the same tree, nested."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from anqing_subsidy.report.explain.tree import Node, Tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from anqing_subsidy.finding import Lang
    from anqing_subsidy.report.explain.model import Explanation

_STYLE: Final = """
body{font:15px/1.6 "Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC",sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222}
h1{font-size:1.3em}h2{font-size:1.1em;border-top:1px solid #ccc;padding-top:.6em;margin-top:1.4em}
ul{padding-left:1.3em;margin:.2em 0}.red{color:#b00020}.green{color:#1b6e2b}.yellow,.magenta{color:#8a5a00}.dim{color:#777}.bold{font-weight:600}
@media print{body{font-size:10pt;margin:0;max-width:none}h2{break-after:avoid}}
"""
_ESCAPED: Final = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>#|"})


def markdown(explanation: Explanation, lang: Lang) -> str:
    """The explanation as Markdown: a heading a line, the rest as nested lists."""
    parts: list[str] = []
    for level, node in _headed(Tree(explanation, lang).roots()):
        parts.append(f"{'#' * level} {_marked(node.text)}\n")
        parts += [*_bullets(node.children, 0), ""]
    return "\n".join(parts).rstrip() + "\n"


def _marked(text: str) -> str:
    return text.translate(_ESCAPED)


def _bullets(nodes: Sequence[Node], depth: int) -> Iterator[str]:
    for node in nodes:
        yield f"{'  ' * depth}- {_marked(node.text)}"
        yield from _bullets(node.children, depth + 1)


def _headed(roots: Sequence[Node]) -> Iterator[tuple[int, Node]]:
    """The applicant and each of its lines under a heading of its own."""
    for root in roots:
        plain = [child for child in root.children if not child.children]
        yield 1, Node(root.text, root.style, plain)
        for child in root.children:
            if child.children:
                yield 2, child


def html(explanation: Explanation, lang: Lang) -> str:
    """The whole explanation as a web page that prints."""
    body = []
    for level, node in _headed(Tree(explanation, lang).roots()):
        body.append(f'<h{level} class="{node.style}">{escape(node.text)}</h{level}>')
        body.append(_nested(node.children))
    return page(explanation.name, lang, _STYLE, "\n".join(body))


def _nested(nodes: Sequence[Node]) -> str:
    if not nodes:
        return ""
    items = "".join(f'<li><span class="{node.style}">{escape(node.text)}</span>{_nested(node.children)}</li>' for node in nodes)  # fmt: skip
    return f"<ul>{items}</ul>"


def page(title: str, lang: Lang, style: str, body: str) -> str:
    """A web page that needs nothing but itself."""
    spoken = "zh-CN" if lang == "zh" else "en"
    return (
        f'<!doctype html>\n<html lang="{spoken}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{style}</style></head>\n<body>\n{body}\n</body></html>\n"
    )
