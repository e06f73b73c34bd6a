"""An edition as text of any width, Markdown or a web page; wide characters count as two columns."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

if TYPE_CHECKING:
    from anqing_subsidy.report.edition.page import Page, Section

_INDENT: Final = 2
_NARROWEST: Final = 12
_NOT_FIRST: Final = frozenset("，。；：、）》”？！,.;:)]%")
_STYLE: Final = (
    "body{font-family:system-ui,'Noto Sans CJK SC',sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;line-height:1.6}"
    "table{border-collapse:collapse;width:100%;margin-bottom:1.5rem}th,td{border:1px solid #ccc;padding:.3rem .6rem;text-align:left;vertical-align:top}"
    "th{width:8rem;background:#f5f5f5;font-weight:600}code{color:#666}td div{padding-left:calc(var(--d)*1.5rem)}"
)


def text_lines(page: Page, width: int) -> Iterator[str]:
    """The edition as plain text."""
    yield from wrap(page.title, width)
    for told in page.head:
        yield from wrap(told, width)
    for section in (*page.clauses, *page.rest):
        yield ""
        yield from wrap(heading(section), width)
        beside = min(max((cell_len(entry.label) for entry in section.entries), default=0), width // 3) + _INDENT
        for entry in section.entries:
            label = entry.label
            if cell_len(label) >= beside:
                yield from (f"{' ' * _INDENT}{piece}" for piece in wrap(label, width - _INDENT))
                label = ""
            for line in entry.lines:
                indent = line.depth * _INDENT
                for piece in wrap(line.text, max(width - _INDENT - beside - indent, _NARROWEST)):
                    yield f"{' ' * _INDENT}{padded(label, beside)}{' ' * indent}{piece}"
                    label = ""


def heading(section: Section) -> str:
    """Article, title and id of a section."""
    return f"{section.article}  {section.title}  [{section.id}]" if section.article else section.title


def padded(text: str, width: int) -> str:
    """A text with spaces behind it; one that is too long has one."""
    return text + " " * max(width - cell_len(text), 1 if text else 0)


def wrap(text: str, width: int) -> Iterator[str]:
    """A text in lines of a width: between words, or between any two wide characters."""
    line = ""
    for word in _pieces(text, width):
        if line and cell_len(line) + cell_len(word.rstrip()) > width:
            yield line.rstrip()
            line = ""
        line += word if line else word.lstrip()
    if line or not text:
        yield line.rstrip()


def _pieces(text: str, width: int) -> Iterator[str]:
    """Words, those that are wider than a line cut."""
    for word in _words(text):
        rest = word
        while cell_len(rest.rstrip()) > width:
            yield rest[:width]
            rest = rest[width:]
        yield rest


def _words(text: str) -> Iterator[str]:
    """What must not be parted: words with the space behind them, single wide characters with what may not begin a line."""
    word = ""
    for at, sign in enumerate(text):
        word += sign
        after = text[at + 1] if at + 1 < len(text) else " "
        wide = cell_len(sign) > 1 or cell_len(after) > 1
        if (sign == " " or wide) and after not in _NOT_FIRST and sign not in "（《“(":
            yield word
            word = ""
    if word:
        yield word


def markdown(page: Page) -> Iterator[str]:
    """The edition as Markdown."""
    yield f"# {page.title}"
    yield ""
    for told in page.head:
        yield f"{told}  "
    for section in (*page.clauses, *page.rest):
        yield ""
        yield f"## {section.article} {section.title} `{section.id}`" if section.article else f"## {section.title}"
        yield ""
        for entry in section.entries:
            first, *rest = entry.lines
            yield f"- **{entry.label}** {first.text}" if entry.label else f"- {first.text}"
            for line in rest:
                yield f"{'  ' * (line.depth + 1)}- {line.text}"


def html(page: Page) -> Iterator[str]:
    """The edition as a web page that needs nothing else."""
    yield "<!doctype html>"
    yield f'<html lang="{page.lang}"><head><meta charset="utf-8"><title>{escape(page.title)}</title><style>{_STYLE}</style></head><body>'
    yield f"<h1>{escape(page.title)}</h1>"
    yield f"<p>{'<br>'.join(escape(line) for line in page.head)}</p>"
    for section in (*page.clauses, *page.rest):
        name = f"{escape(section.article)} {escape(section.title)}"
        mark = f" <code>{escape(section.id)}</code>" if section.article else ""
        yield f'<h2 id="{escape(section.id)}">{name}{mark}</h2>'
        yield "<table>"
        for entry in section.entries:
            lines = "".join(f'<div style="--d:{line.depth}">{escape(line.text)}</div>' for line in entry.lines)
            yield f"<tr><th>{escape(entry.label)}</th><td>{lines}</td></tr>"
        yield "</table>"
    yield "</body></html>"
