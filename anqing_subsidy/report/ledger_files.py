"""What a ledger holds as files: payments as JSON, CSV and workbook, everything as JSON, sheets that can be read again."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl

from anqing_subsidy.finding import Lang, Text
from anqing_subsidy.money import LARGEST, SCALE, decimal_text, plain
from anqing_subsidy.policy.columns import Column
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.report.data import ACTIVE
from anqing_subsidy.tables import RESULT_MARK

HEADERS: Final[Mapping[str, Text]] = {
    "uscc": Text("统一社会信用代码", "Credit code"),
    "name": Text("名称", "Name"),
    "year": Text("年度", "Year"),
    "clause": Text("条款", "Clause"),
    "object_id": Text("对象", "Object"),
    "sequence": Text("序号", "Number"),
    "tier": Text("档次", "Tier"),
    "level": Text("级别", "Level"),
    "amount": Text("金额(元)", "Amount (yuan)"),
    "voided": Text("已冲销", "Voided"),
    "recovered": Text("已追回(元)", "Recovered (yuan)"),
    "freed": Text("恢复资格", "Freed"),
    "entry": Text("分录", "Entry"),
    "run": Text("登记", "Run"),
    "how": Text("方式", "How"),
    "at": Text("登记时间", "Recorded at"),
    "who": Text("经办人", "By"),
    "document": Text("文号", "Document"),
}
_MONEY: Final = ("amount", "recovered")


def records(paid: pl.DataFrame) -> list[dict[str, Any]]:
    """Payments as JSON has them: amounts as texts of yuan, funds and parts as they are."""
    found = []
    for row in paid.iter_rows(named=True):
        funds = {fund: plain(amount) for fund, amount in json.loads(row["funds"]).items()}
        parts = [[name, plain(adds)] for name, adds in json.loads(row["parts"])]
        money = {name: plain(row[name]) for name in _MONEY}
        found.append({**row, **money, "funds": funds, "parts": parts})
    return found


def text_of(paid: pl.DataFrame, form: str) -> str:
    """Payments as JSON or CSV; in CSV a text that a spreadsheet would run as a formula gets a leading apostrophe."""
    if form == "json":
        return json.dumps(records(paid), ensure_ascii=False, indent=1) + "\n"
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADERS)
    for row in paid.iter_rows(named=True):
        writer.writerow([_cell(name, row[name]) for name in HEADERS])
    return stream.getvalue()


def _cell(name: str, value: Any) -> str:  # noqa: ANN401  # a value of the frame
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name in _MONEY:
        return plain(value)
    text = str(value)
    return f"'{text}" if text.startswith(ACTIVE) else text


def run_text(
    about: Mapping[str, Any], paid: pl.DataFrame, back: Sequence[Mapping[str, Any]], known: pl.DataFrame
) -> str:
    """One run as JSON."""
    whole = {**_run(about), "payments": records(paid), "taken_back": _counters(back), "metrics": known.to_dicts()}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def whole_text(
    runs: Iterable[tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]], paid: pl.DataFrame, known: pl.DataFrame
) -> str:
    """A whole ledger as JSON: runs with what each took back, payments, figures (in smallest units)."""
    whole = {
        "schema": "anqing-subsidy/ledger/1",
        "runs": [{**_run(about), "taken_back": _counters(back)} for about, back in runs],
        "payments": records(paid),
        "metrics": known.to_dicts(),
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _run(about: Mapping[str, Any]) -> dict[str, Any]:
    return {**about, "amount": plain(about["amount"])}


def _counters(back: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "amount": plain(row["amount"]), "frees": bool(row["frees"])} for row in back]


def write_text(text: str, path: Path) -> None:
    """Write a text."""
    path.write_text(text, encoding="utf-8")


def write_payments(paid: pl.DataFrame, path: Path, kind: str, lang: Lang) -> None:
    """Write payments as `.json`, `.csv` (with the mark of UTF-8, for Excel) or `.xlsx`."""
    if kind == ".json":
        write_text(text_of(paid, "json"), path)
    elif kind == ".csv":
        path.write_text(text_of(paid, "csv"), encoding="utf-8-sig", newline="")
    else:
        titles = [header.say(lang) for header in HEADERS.values()]
        rows = [[_value(name, row[name]) for name in HEADERS] for row in paid.iter_rows(named=True)]
        # a list of payments is no application: the mark keeps it from being read as one
        _book(
            path,
            [(Text("账本", "Ledger").say(lang), titles, rows, {HEADERS[n].say(lang) for n in _MONEY})],
            RESULT_MARK,
        )


def _value(name: str, value: Any) -> Any:  # noqa: ANN401  # a value of the frame
    if isinstance(value, bool):
        return "是" if value else ""
    return _yuan(value) if name in _MONEY and value is not None else value


def _yuan(fen: int) -> int | float | str:
    """An amount as a cell holds it: a number while spreadsheets keep all its digits."""
    if abs(fen) >= LARGEST:
        return plain(fen)
    return fen / 100 if fen % 100 else fen // 100


def write_sheets(rows: pl.DataFrame, known: pl.DataFrame, policy: Policy, path: Path) -> None:
    """Write what counts as paid, and the figures, as the sheets of the policy that a run or an import reads.

    Args:
        rows: From `ledger.past.standing_rows`.
        known: From `ledger.query.figures`.
        policy: Names the sheets and columns.
        path: The workbook, written in place.
    """
    sheets: list[tuple[str, list[str], list[list[Any]], set[str]]] = []
    paid = policy.paid
    if paid is not None:
        table = policy.tables[paid.table]
        names = {
            policy.payee.code: "code",
            paid.year: "year",
            paid.clause: "clause",
            paid.object: "object",
            paid.tier: "tier",
        }
        names |= {paid.level: "level", paid.amount: "amount"}
        cells = [
            [_typed(table.columns[name], row[source]) for name, source in names.items()]
            for row in rows.sort("year", "code", "clause", "object").iter_rows(named=True)
        ]
        money = {_header(table.columns[paid.amount])}
        sheets.append((table.sheet, [_header(table.columns[name]) for name in names], cells, money))
    history = policy.history
    if history is not None:
        table = policy.tables[history.table]
        metrics = [name for name in table.columns if name in set(known["metric"])]
        values: dict[tuple[str, int], dict[str, int]] = {}
        for row in known.iter_rows(named=True):
            values.setdefault((row["code"], row["year"]), {})[row["metric"]] = row["value"]
        columns = [table.columns[name] for name in (policy.payee.code, history.year, *metrics)]
        cells = [
            [code, year, *(_typed(table.columns[name], found.get(name)) for name in metrics)]
            for (code, year), found in sorted(values.items())
        ]
        money = {_header(column) for column in columns if column.type == "money"}
        sheets.append((table.sheet, [_header(column) for column in columns], cells, money))
    _book(path, sheets, "")


def _header(column: Column) -> str:
    return f"{column.header}({column.unit})" if column.unit else column.header


def _typed(column: Column, value: Any) -> Any:  # noqa: ANN401  # a cell
    if value is None:
        return None
    if column.type == "money":
        return _yuan(value)
    if column.type == "enum" and column.values and value in column.values:
        return column.values[value][0]
    scale = SCALE.get(column.type, 1)
    return value if scale == 1 else decimal_text(value, scale).replace(",", "")


def _book(path: Path, sheets: Sequence[tuple[str, list[str], list[list[Any]], set[str]]], category: str) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(path), {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"author": "anqing-subsidy", "category": category})
    head = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "border_color": "#A6A6A6"})
    money = book.add_format({"num_format": "#,##0.00"})
    for name, titles, rows, amounts in sheets:
        page = book.add_worksheet(name)
        page.freeze_panes(1, 0)
        page.write_row(0, 0, titles, head)
        for at, title in enumerate(titles):
            page.set_column(at, at, 22 if at < 2 else 14, money if title in amounts else None)
        for number, row in enumerate(rows, 1):
            page.write_row(number, 0, row)
    book.close()
