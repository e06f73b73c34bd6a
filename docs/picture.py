"""Draws `docs/breakdown.svg`, the picture of the README: `python docs/picture.py`."""

from __future__ import annotations

import html
import io
import re
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console

from anqing_subsidy import assess, load_policy, read_tables
from anqing_subsidy.engine.subset import subset
from anqing_subsidy.report.breakdown import Breakdown
from anqing_subsidy.report.terminal import render_people

CELL = 12.2
ROOT = Path(__file__).resolve().parent.parent
SHOWN = ("安庆皖江通达跨境电商有限公司", "怀宁独秀家纺电子商务有限公司", "宿松小池农资电子商务有限公司")
FORMAT = """<svg viewBox="0 0 {terminal_width} {terminal_height}" xmlns="http://www.w3.org/2000/svg">
<style>{styles} .m {{ font-family: "Noto Sans Mono CJK SC", "Sarasa Mono SC", Menlo, Consolas, monospace; font-size: {char_height}px; line-height: {line_height}px; }}</style>
<defs>{lines}</defs>
<rect width="{terminal_width}" height="{terminal_height}" rx="8" fill="#1b1d23"/>
<g transform="translate(9, 9)" class="m {unique_id}-matrix">{backgrounds}{matrix}</g>
</svg>"""


def main() -> None:
    """Assess the examples and draw three applicants."""
    policy = load_policy()
    console = Console(record=True, width=96, file=io.StringIO(), force_terminal=True, highlight=False)
    for name in ("examples/detailed.xlsx", "examples/simple.xlsx"):
        whole = assess(policy, read_tables([ROOT / name], policy))
        wanted = whole.applicants.filter(whole.applicants["name"].is_in(SHOWN))
        breakdown = Breakdown(subset(whole, wanted["row"]), "zh", everything=True)
        render_people(breakdown, console)
    svg = console.export_svg(title="", code_format=FORMAT, unique_id="breakdown")
    svg = re.sub(r'textLength="[\d.]+"( [^>]*)>([^<]*)<', _in_cells, svg)
    (ROOT / "docs" / "breakdown.svg").write_text(svg, encoding="utf-8")


def _in_cells(match: re.Match[str]) -> str:
    """A Chinese character is two cells wide: stretch each text to its cells, not to its characters."""
    return f'textLength="{cell_len(html.unescape(match[2])) * CELL:.1f}"{match[1]}>{match[2]}<'


if __name__ == "__main__":
    main()
