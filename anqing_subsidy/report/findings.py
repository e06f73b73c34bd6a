"""Findings in order, grouped where one fault repeats in a column, with the applicants that they touch."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from anqing_subsidy.engine.assessment import Assessment
from anqing_subsidy.finding import Finding, Place, Text

RANK: Final[dict[str, int]] = {"error": 0, "warning": 1, "info": 2}
CELLS_SHOWN: Final = 10
_FIGURES: Final = re.compile(r"\d[\d,.-]*")


@dataclass(frozen=True)
class Group:
    """One fault in one column of one sheet: the findings, in order, and a message that is true of all of them."""

    message: Text
    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The finding of the first cell."""
        return self.findings[0]

    @property
    def sheet(self) -> tuple[str, str | None]:
        """File and sheet; an empty file where a finding has no place."""
        place = self.first.place
        return (place.file, place.sheet) if place else ("", None)


class Checked:
    """What a check came to: sorted findings, groups, counts, applicants concerned."""

    def __init__(self, assessment: Assessment, *, notes: bool) -> None:
        self.assessment = assessment
        self.notes = notes
        tables = assessment.tables
        files = {source.path: at for at, source in enumerate(tables.inputs)}
        sheets: dict[tuple[str, str | None], int] = {}
        for part in tables.parts:
            sheets.setdefault((part.file, part.sheet), len(sheets))

        def order(found: Finding) -> tuple[object, ...]:
            place = found.place or Place("")
            file = files.get(place.file, len(files) if place.file else -1)
            sheet = sheets.get((place.file, place.sheet), -1 if place.sheet is None else len(sheets))
            column = (len(place.column), place.column) if place.column else (0, "")
            return RANK[found.severity], file, place.file, sheet, place.sheet or "", place.row or 0, column, found.code

        unique = dict.fromkeys(assessment.findings)
        self.findings: tuple[Finding, ...] = tuple(sorted(unique, key=order))
        self.counts = Counter[str](found.severity for found in self.findings)

    @property
    def listed(self) -> tuple[Finding, ...]:
        """What a reader sees: errors and warnings, and the notes where they are asked for."""
        return tuple(found for found in self.findings if self.notes or found.severity != "info")

    def groups(self) -> list[Group]:
        """The same fault in the same column put together, at the place of its first cell."""
        families: dict[tuple[object, ...], list[Finding]] = {}
        for found in self.listed:
            place = found.place
            where = (place.file, place.sheet, place.column) if place else None
            lone = place is None or place.row is None
            key = (found.severity, found.code, where, _template(found).zh, found.fix.zh, id(found) if lone else 0)
            families.setdefault(key, []).append(found)
        groups = [
            Group(members[0].message if _alike(members) else _template(members[0]), tuple(members))
            for members in families.values()
        ]
        return _condensed(groups)

    def files(self) -> int:
        """In how many of the files that were read errors or warnings stand; what is said of the policy counts for none."""
        told = (found.place.file for found in self.findings if found.place and found.severity != "info")
        return len(set(told) - {self.assessment.policy.file})

    def owners(self, findings: Iterable[Finding]) -> list[tuple[str | None, str | None] | None]:
        """Code and name of the applicant in whose row each finding stands; None where it is in nobody's."""
        places = [found.place for found in findings]
        rows = pl.DataFrame(
            {
                "file": [place.file if place else None for place in places],
                "sheet": [place.sheet if place else None for place in places],
                "_row": [place.row if place else None for place in places],
            },
            schema={"file": pl.String, "sheet": pl.String, "_row": pl.UInt32},
        )
        joined = rows.join(
            self._people(), on=["file", "sheet", "_row"], how="left", nulls_equal=True, maintain_order="left"
        )
        named = zip(joined["code"], joined["name"], strict=True)
        return [(code, name) if code is not None or name is not None else None for code, name in named]

    def people(self) -> list[tuple[str | None, str | None]]:
        """The applicants in whose rows errors or warnings stand, each once."""
        grave = [found for found in self.findings if found.severity != "info"]
        found: dict[object, tuple[str | None, str | None]] = {}
        everywhere = [replace(one, place=place, others=()) for one in grave for place in (one.place, *one.others)]
        for owner in self.owners(everywhere):
            if owner is not None:
                found.setdefault(owner[0] or owner, owner)
        return list(found.values())

    def _people(self) -> pl.DataFrame:
        """The applicant of every row that was read and belongs to one."""
        assessment = self.assessment
        policy, tables, store = assessment.policy, assessment.tables, assessment.store
        parts = pl.DataFrame(
            {
                "_part": range(len(tables.parts)),
                "file": [part.file for part in tables.parts],
                "sheet": [part.sheet for part in tables.parts],
            },
            schema={"_part": pl.UInt32, "file": pl.String, "sheet": pl.String},
        )
        payee = [policy.payee.code, policy.payee.name]
        main = store.rows[policy.main].frame.select(pl.col(payee[0]).alias("code"), pl.col(payee[1]).alias("name"))
        frames = []
        for table, read in tables.frames.items():
            if table == policy.main:
                who = read.select(pl.col(payee[0]).alias("code"), pl.col(payee[1]).alias("name"), "_part", "_row")
            elif policy.main in (up := store.rows[table].up):
                own = store.rows[table].frame.select("_part", "_row")
                who = main[up[policy.main]].hstack(own)
            else:
                continue
            frames.append(who)
        if not frames:
            frames = [
                pl.DataFrame(schema={"code": pl.String, "name": pl.String, "_part": pl.UInt32, "_row": pl.UInt32})
            ]
        # declared rows stand at their applicant's own place, so a place may come twice
        return pl.concat(frames).join(parts, on="_part").unique(["file", "sheet", "_row"], keep="first")


def _condensed(groups: list[Group]) -> list[Group]:
    """Where more than ten entries of a column differ in their figures only, they become one."""
    families: dict[tuple[object, ...], list[Group]] = {}
    for group in groups:
        found, place = group.first, group.first.place
        where = (place.file, place.sheet, place.column) if place else id(group)
        key = (found.severity, found.code, where, _FIGURES.sub("…", group.message.zh), found.fix.zh)
        families.setdefault(key, []).append(group)
    condensed = []
    for family in families.values():
        if len(family) <= CELLS_SHOWN:
            condensed.extend(family)
            continue
        message = Text(*(_FIGURES.sub("…", text) for text in family[0].message))
        condensed.append(Group(message, tuple(found for group in family for found in group.findings)))
    return condensed


def _alike(findings: list[Finding]) -> bool:
    return len({found.message for found in findings}) == 1


def _template(found: Finding) -> Text:
    """The message without the value, so that the same fault of different values is one."""
    value = found.value
    if not value:
        return found.message
    return Text(*(text.replace(f"“{value}”", "“…”").replace(repr(value), "…") for text in found.message))
