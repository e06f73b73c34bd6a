"""What an application form holds, before any writer is asked: its sheets and columns, chosen from the policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from anqing_subsidy.engine.clause_words import clauses_meant
from anqing_subsidy.finding import Text
from anqing_subsidy.policy.derivations import ListedIn
from anqing_subsidy.policy.needs import needs_of, rows_that, shared_tiers, stand_ins
from anqing_subsidy.policy.terms import Ref
from anqing_subsidy.report.form_examples import Examples
from anqing_subsidy.report.form_words import format_words, header_text, options_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from anqing_subsidy.finding import Lang
    from anqing_subsidy.policy.clauses import Clause
    from anqing_subsidy.policy.columns import Column, Table
    from anqing_subsidy.policy.guide import Guide, Guides
    from anqing_subsidy.policy.model import Policy
    from anqing_subsidy.policy.needs import Needs

NOT_ASKED: Final = Text("不参与计算，供核对", "not computed with; for the file")


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the form.

    `clauses` read it; `stands_for` is the sheet of details that it sums up; `example` is a value as it stands in a cell.
    """

    column: Column
    header: str
    format: str
    options: tuple[str, ...]
    means: str
    evidence: tuple[str, ...]
    clauses: tuple[Clause, ...]
    use: str
    stands_for: Table | None
    example: str | int | Decimal | date | None


@dataclass(frozen=True, slots=True)
class FormSheet:
    """A sheet of the form; `official` where an office fills it in and not the applicant."""

    table: Table
    name: str
    about: str
    official: bool
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class ApplicationForm:
    """The whole form; `beyond` are the clauses that it has no room for."""

    policy: Policy
    guides: Guides
    lang: Lang
    simple: bool
    sheets: tuple[FormSheet, ...]
    clauses: tuple[Clause, ...]
    beyond: tuple[Clause, ...]
    needs: Mapping[str, Needs]


def application_form(
    policy: Policy, guides: Guides, lang: Lang, *, simple: bool = False, clauses: Sequence[str] = ()
) -> ApplicationForm:
    """The form of a policy.

    Args:
        policy: what the sheets and columns are, and which clause reads which.
        guides: what its sheets and columns mean, and what proves them.
        lang: the language of headers and words; both are read.
        simple: one sheet, in which declared figures stand in for the sheets of details.
        clauses: only what these clauses need, by id, article or title; none means everything.

    Raises:
        UsageError: there is no such clause.
    """
    wanted = clauses_meant(policy, clauses) if clauses else list(policy.clauses)
    asked = [clause for id_, clause in policy.clauses.items() if id_ in wanted]
    needs = {clause.id: needs_of(policy, clause) for clause in asked}
    sums = stand_ins(policy)
    chosen = _chosen(policy, asked, needs, sums, simple=simple, everything=not clauses)
    made = _Maker(policy, guides, lang, asked, needs, sums, frozenset(ref.table for ref in chosen))
    sheets = tuple(
        made.sheet(table, [ref for name in table.columns if (ref := Ref(table.id, name)) in chosen])
        for table in policy.tables.values()
        if any(ref.table == table.id for ref in chosen)
    )
    there = {sheet.table.id for sheet in sheets} | ({*sums.values()} if simple else set())
    beyond = [clause for clause in asked if clause.table not in there or rows_that(policy, clause) - set(there)]
    return ApplicationForm(
        policy, guides, lang, simple, sheets, tuple(c for c in asked if c not in beyond), tuple(beyond), needs
    )


def _chosen(
    policy: Policy,
    asked: Sequence[Clause],
    needs: Mapping[str, Needs],
    sums: Mapping[Ref, str],
    *,
    simple: bool,
    everything: bool,
) -> frozenset[Ref]:
    """The columns of the form."""
    if everything:
        tables = [policy.main] if simple else list(policy.tables)
        return frozenset(Ref(table, name) for table in tables for name in policy.tables[table].columns)
    payee = policy.payee
    found = {
        Ref(policy.main, name)
        for name in (payee.code, payee.name, payee.county, payee.bank_name, payee.bank_account)
        if name is not None
    }
    for need in needs.values():
        found |= need.columns | need.links
    details = {*sums.values()}
    if simple:
        # a clause whose rows nothing stands in for keeps its sheet
        kept = {policy.main, *(clause.table for clause in asked if clause.table not in details)}
        return frozenset(ref for ref in found if ref.table in kept)
    there = {ref.table for ref in found}
    return frozenset(ref for ref in found if sums.get(ref) not in there)


class _Maker:
    """Makes the sheets of one form."""

    def __init__(
        self,
        policy: Policy,
        guides: Guides,
        lang: Lang,
        asked: Sequence[Clause],
        needs: Mapping[str, Needs],
        sums: Mapping[Ref, str],
        tables: frozenset[str],
    ) -> None:
        self.policy = policy
        self.guides = guides
        self.lang: Lang = lang
        self.asked = asked
        self.needs = needs
        self.sums = sums
        self.tables = tables
        # an award that was paid under another clause may count for one that is asked for
        beside = {id_ for clause in asked for id_ in (*clause.less_paid, *shared_tiers(clause))}
        self.payable = [clause for clause in policy.clauses.values() if clause in asked or clause.id in beside]
        self.examples = Examples(policy, guides, lang)
        listings = {fact.how.table for fact in policy.facts.values() if isinstance(fact.how, ListedIn)}
        self.official = listings | ({policy.decisions.table} if policy.decisions else set())

    def sheet(self, table: Table, refs: Sequence[Ref]) -> FormSheet:
        """A sheet with these columns."""
        about = self.guides.sheets.get(table.id)
        words = about.say(self.lang) if about is not None else table.doc if self.lang == "en" else ""
        name = table.sheet if self.lang == "zh" else table.id
        return FormSheet(table, name, words, table.id in self.official, tuple(self._field(table, ref) for ref in refs))

    def _field(self, table: Table, ref: Ref) -> Field:
        policy, lang = self.policy, self.lang
        column = table.columns[ref.id]
        guide = self.guides.columns.get(ref)
        clauses = tuple(clause for clause in self.asked if ref in self.needs[clause.id].columns)
        sheet = policy.tables[self.sums[ref]] if ref in self.sums else None
        options = options_of(policy, ref, lang, self.payable)
        # where the sheet of details is there, its sum is left blank in the example
        example = None if sheet is not None and sheet.id in self.tables else self.examples.of(ref, options)
        return Field(
            column,
            header_text(table, column, lang),
            format_words(policy, column, options, lang),
            options,
            self._means(table, ref, guide, sheet),
            tuple(self.guides.documents[id_].say(lang) for id_ in (guide.evidence if guide else ())),
            clauses,
            self._use(ref, clauses),
            sheet,
            example,
        )

    def _means(self, table: Table, ref: Ref, guide: Guide | None, sheet: Table | None) -> str:
        zh = self.lang == "zh"
        column = table.columns[ref.id]
        said = [guide.means.say(self.lang)] if guide is not None and guide.means is not None else []
        parent = self.policy.tables[table.parent] if table.parent is not None else None
        if sheet is not None:
            there = sheet.id in self.tables
            if zh:
                said.append(f"没有“{sheet.sheet}”明细时填写" if there else f"代替“{sheet.sheet}”明细")
            else:
                said.append(f"only where the sheet {sheet.id} is not filled in" if there else f"instead of {sheet.en}")
        elif parent is not None and ref.id in parent.key and parent.id in self.tables:
            name = parent.sheet if zh else parent.id
            said.append(f"与“{name}”表所填一致" if zh else f"as on the sheet {name}")
        if said:
            return ("；" if zh else "; ").join(said)
        return column.header if zh else column.doc or column.en

    def _use(self, ref: Ref, clauses: tuple[Clause, ...]) -> str:
        """What a column is for, where no clause reads it."""
        zh = self.lang == "zh"
        payee = self.policy.payee
        if clauses:
            return ""
        if ref.table == self.policy.main and ref.id in (payee.bank_name, payee.bank_account):
            return "拨付" if zh else "payment"
        if self.policy.decisions is not None and ref.table == self.policy.decisions.table:
            return "人工核定" if zh else "a decision by hand"
        if any(ref in need.links for need in self.needs.values()) or (
            ref.table == self.policy.main and ref.id in (payee.code, payee.name, payee.county)
        ):
            return "识别和汇总" if zh else "identification"
        return NOT_ASKED.say(self.lang)
