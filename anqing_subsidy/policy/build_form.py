"""The words of the application form: checked against the tables, columns and clauses that they speak of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

from anqing_subsidy.policy.fold import nearest
from anqing_subsidy.policy.model import Form, Guide, Ref

if TYPE_CHECKING:
    from anqing_subsidy.policy.fold import Faults
    from anqing_subsidy.policy.model import Column
    from anqing_subsidy.policy.names import Names
    from anqing_subsidy.policy.schema import PolicyDoc

_FIGURE: Final = re.compile(r"\d+(\.\d+)?%?")


def build_form(doc: PolicyDoc, names: Names) -> Form:
    """The form; what it says of things that are not there is a fault."""
    if doc.form is None:
        return Form()
    form, faults = doc.form, names.faults
    clauses = [clause.id for clause in doc.clauses]
    for table in (*form.sheets, *form.columns):
        names.table(table, form.line)
    for id_, evidence in form.clauses.items():
        _known(id_, clauses, form.line, faults, "条款", "clause")
        _documents(evidence, form.documents, form.line, faults)
    columns = {}
    for table, guides in form.columns.items():
        for name, guide in guides.items():
            names.column(table, name, guide.line)
            _documents(guide.evidence, form.documents, guide.line, faults)
            column = names.tables[table].columns.get(name) if table in names.tables else None
            if column is not None and guide.example is not None and not _fits(column, guide.example):
                faults.add(
                    guide.line,
                    f"列 {name} 的示例 {guide.example} 不是该列的值（{column.type}）",
                    f"the example {guide.example} is no value of column `{name}` ({column.type})",
                )
            means = guide.means.text if guide.means is not None else None
            columns[Ref(table, name)] = Guide(means, tuple(guide.evidence), guide.example)
    return Form(
        {id_: label.text for id_, label in form.documents.items()},
        {id_: label.text for id_, label in form.sheets.items()},
        columns,
        {id_: tuple(evidence) for id_, evidence in form.clauses.items()},
    )


def _documents(evidence: Iterable[str], known: Mapping[str, object], line: int, faults: Faults) -> None:
    for word in evidence:
        _known(word, known, line, faults, "佐证材料", "document")


def _known(word: str, known: Iterable[str], line: int, faults: Faults, zh: str, en: str) -> None:
    words = list(known)
    if word not in words:
        hint = nearest(word, words)
        faults.add(line, f"没有{zh} {word}{hint.zh}", f"there is no {en} `{word}`{hint.en}")


def _fits(column: Column, example: str) -> bool:
    """Whether an example is written as values of the column are: plain figures, ISO dates, ids, true or false."""
    if column.type == "date":
        try:
            date.fromisoformat(example)
        except ValueError:
            return False
        return True
    if column.type == "yesno":
        return example in ("true", "false")
    if column.type == "enum":
        return example in (column.values or {})
    return column.type in ("text", "uscc") or _FIGURE.fullmatch(example) is not None
