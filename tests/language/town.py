"""The fictional town of potters with other clauses, facts or groups, and what comes out of typed rows."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from anqing_subsidy import assess
from anqing_subsidy.money import plain
from anqing_subsidy.policy import parse_policy
from tests.support import frames

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from anqing_subsidy.engine import Assessment
    from anqing_subsidy.policy import Policy

FILE: Final = Path(__file__).parent / "kilns.yaml"
WHOLE: Final = FILE.read_text(encoding="utf-8")
YUAN: Final = 100
WAN: Final = 1_000_000
"""A yuan and ten thousand yuan in fen, as tables hold them."""
Shown = tuple[str, str, str | None]


def clause(award: str, *more: str, id_: str = "k_one", table: str = "") -> str:
    """A clause that every kiln claims (or every row of a table), with its award and further lines."""
    claimed = f"  each: {table}" if table else "  claimed: [kiln_no is given]"
    rest = list(more)
    if not any(line.startswith("fund:") for line in rest):
        rest.append("fund: clay")
    head = f"- id: {id_}\n  article: 一\n  title: {{zh: 奖励{id_}, en: Award {id_}}}\n{claimed}\n  award: {award}\n"
    return head + "".join(f"  {line}\n" for line in rest)


def town_text(clauses: str = "", *, facts: str = "", groups: str = "", **tops: str) -> str:
    """The policy file with its clauses and groups replaced; `tops` are keys at the top (funds: no budgets)."""
    plain_funds = "\n  clay: {zh: 陶土资金, en: clay fund}\n  fire: {zh: 窑火资金, en: fire fund}\n  town: {zh: 镇级资金, en: town fund}\n"
    text = WHOLE
    sections = {"funds": plain_funds, "groups": f"\n{groups}" if groups else " []\n", **tops}
    if clauses:
        sections["clauses"] = f"\n{clauses}"
    for name, body in sections.items():
        text, count = re.subn(rf"(?ms)^{name}:.*?(?=^\w)", f"{name}:{body}\n".replace("\\", r"\\"), text)
        if not count:
            text = text.replace("applicant:", f"{name}:{body}\napplicant:", 1)
    if facts:
        text = text.replace("facts:\n  kilns:\n", f"facts:\n  kilns:\n{facts}", 1)
    return text


def town(clauses: str = "", *, facts: str = "", groups: str = "", **tops: str) -> Policy:
    """The policy with its clauses and groups replaced."""
    return _parsed(town_text(clauses, facts=facts, groups=groups, **tops))


@cache
def _parsed(text: str) -> Policy:
    return parse_policy(text.encode(), "kilns.yaml", {})


def kiln(number: int | str = 1, **facts: Any) -> dict[str, Any]:  # noqa: ANN401  # values of cells
    """A row of the sheet of kilns."""
    return {"kiln_no": f"K{number}", "kiln_name": f"窑{number}", **facts}


def run(policy: Policy, *kilns: Mapping[str, Any], **tables: Sequence[Mapping[str, Any]]) -> Assessment:
    """What comes of some kilns and of rows of other sheets."""
    return assess(policy, frames(policy, {"kilns": kilns, **tables}))


def lines(found: Assessment) -> dict[tuple[str, str, str | None], Shown]:
    """Status, amount and potential of each line, by kiln, clause and object."""
    return {
        (line["code"], line["clause"], line["object"]): (
            line["status"],
            plain(line["amount"]),
            None if line["potential"] is None else plain(line["potential"]),
        )
        for line in found.lines.iter_rows(named=True)
    }


def paid(found: Assessment, clause_id: str = "k_one") -> dict[str, str]:
    """The amounts of a clause, by kiln."""
    return {code: shown[1] for (code, id_, _), shown in lines(found).items() if id_ == clause_id}
