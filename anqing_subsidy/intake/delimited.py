"""Files without cells: .csv as text first, .parquet, and JSON lines, to sheets."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import polars as pl

from anqing_subsidy.finding import Finding, InputError, Place, Text, listing
from anqing_subsidy.intake.encoding import DELIMITERS, decode, delimiter_of
from anqing_subsidy.intake.scan import TOP
from anqing_subsidy.intake.sheet import Sheet, column_letter

if TYPE_CHECKING:
    from anqing_subsidy.intake.heading import Names


def _unreadable(file: str, why: Text) -> InputError:
    return InputError(Text(f"无法读取 {file}：{why.zh}", f"cannot read {file}: {why.en}"))


def read_csv(file: str, data: bytes, names: Names) -> tuple[list[Sheet], list[Finding]]:
    """A delimited file: every value is the text typed. Titles above the header stay; `find_header` tells them.

    Raises:
        InputError: it is not text, or a quote is never closed.
    """
    text, encoding = decode(file, data)
    told, delimiter = delimiter_of(text)
    findings = [_form(file, encoding, delimiter)]
    filled = [
        (number, record)
        for number, record in enumerate(_records(file, text, delimiter), 1)
        if any(map(str.strip, record)) and not (told and number == 1)
    ]
    if not filled:
        return [], findings
    head = _header(filled, names)
    width = max(len(record) for _, record in filled[: head + 1])
    kept: list[list[str]] = [_of_width(record, width) for _, record in filled[1 : head + 1]]
    rows = [number for number, _ in filled[1 : head + 1]]
    short: list[int] = []
    # programs that end each row with a delimiter do so in every row; in one row it is a delimiter inside a value
    ended = all(len(record) > width for _, record in filled[head + 1 :])
    for number, record in filled[head + 1 :]:
        if len(record) > width and (not ended or any(map(str.strip, record[width:]))):
            findings.append(_too_long(file, number, len(record), width, delimiter))
            continue
        if len(record) < width:
            short.append(number)
        kept.append(_of_width(record, width))
        rows.append(number)
    if short:
        findings.append(_too_short(file, short, width))
    first, top = filled[0]
    headers = tuple(name.strip() for name in _of_width(top, width))
    columns = zip(*kept, strict=True) if kept else [()] * width
    series = tuple(pl.Series(f"column_{i}", values, dtype=pl.String) for i, values in enumerate(columns))
    numbers = pl.Series(rows, dtype=pl.UInt32)
    letters = tuple(column_letter(index) for index in range(width))
    return [Sheet(file, None, headers, letters, series, numbers, header_row=first, alone=True)], findings


def _header(filled: list[tuple[int, list[str]]], names: Names) -> int:
    """Which of the first records names most columns: what stands above it are titles, narrower than the table."""
    scores = [names.score(record) for _, record in filled[:TOP]]
    return scores.index(max(scores))


def _of_width(record: list[str], width: int) -> list[str]:
    return record if len(record) == width else (record + [""] * width)[:width]


def records_of(file: str, data: bytes) -> list[list[str]]:
    """The cells of a delimited file as typed; the place of a record is the row that findings name.

    Raises:
        InputError: it is not text, or a quote is never closed.
    """
    text, _ = decode(file, data)
    return _records(file, text, delimiter_of(text)[1])


def _records(file: str, text: str, delimiter: str) -> list[list[str]]:
    """A record is one row however many lines a cell of it has, as in a spreadsheet."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return list(reader)
    except csv.Error as fault:
        why = Text(
            f"第 {reader.line_num} 行附近引号不配对。含逗号或引号的内容须整个加引号，请另存为 .csv 或 .xlsx",
            f"quotes do not match near line {reader.line_num} ({fault}); save it again as .csv or .xlsx",
        )
        raise _unreadable(file, why) from fault


def _form(file: str, encoding: str, delimiter: str) -> Finding:
    mark = DELIMITERS.get(delimiter, Text(f"“{delimiter}”", repr(delimiter)))
    message = Text(f"按 {encoding} 编码、{mark.zh}分隔读取", f"read as {encoding}, values parted by {mark.en}")
    fix = Text(
        "若文字或列有误，请另存为 UTF-8 的 .csv 或 .xlsx", "if it looks wrong, save it as .csv in UTF-8 or .xlsx"
    )
    return Finding("info", "ENCODING", message, Place(file), fix=fix)


def _too_long(file: str, row: int, found: int, width: int, delimiter: str) -> Finding:
    message = Text(
        f"该行有 {found} 列，表头只有 {width} 列，未读取", f"{found} values under {width} headers: the row is kept out"
    )
    fix = Text(f"含“{delimiter}”的内容须加引号", f"put values that contain {delimiter!r} in quotes")
    return Finding("error", "RAGGED_ROW", message, Place(file, None, row), fix=fix)


def _too_short(file: str, rows: list[int], width: int) -> Finding:
    listed = listing(rows[:10])
    more = Text(f"等 {len(rows)} 行", f" and {len(rows) - 10} more") if len(rows) > 10 else Text(" 行", "")
    message = Text(
        f"第 {listed.zh}{more.zh}不足 {width} 列，缺的按空白处理",
        f"rows {listed.en}{more.en} have fewer than {width} values; what is missing counts as blank",
    )
    fix = Text("核对这些行的数据是否错位", "see whether the values of these rows stand in their columns")
    return Finding("warning", "RAGGED_ROW", message, Place(file, None, rows[0]), fix=fix)


def read_parquet(file: str, data: bytes) -> tuple[list[Sheet], list[Finding]]:
    """A Parquet file; its first record counts as row 2, as if the names stood in row 1.

    Raises:
        InputError: it is damaged.
    """
    try:
        frame = pl.read_parquet(io.BytesIO(data), use_pyarrow=False)
    except BaseException as fault:  # polars raises many kinds, and panics; all mean that the file is damaged
        if not isinstance(fault, Exception) and type(fault).__name__ != "PanicException":
            raise
        raise _unreadable(file, Text("Parquet 文件损坏", "the Parquet file is damaged")) from fault
    nested = [name for name, dtype in frame.schema.items() if dtype.is_nested() or dtype in {pl.Binary, pl.Object}]
    if nested:
        names = ", ".join(nested)
        raise _unreadable(file, Text(f"列 {names} 不是单值列", f"the columns {names} do not hold single values"))
    worded = [name for name, dtype in frame.schema.items() if dtype in {pl.Categorical, pl.Enum}]
    return [_sheet_of(file, frame.with_columns(pl.col(worded).cast(pl.String)), 2)], []


def read_jsonl(file: str, data: bytes) -> tuple[list[Sheet], list[Finding]]:
    """JSON lines: an object a line, its keys the headers or column ids; numbers keep the digits typed.

    Raises:
        InputError: a line is no JSON object.
    """
    text, _ = decode(file, data)
    records: list[dict[str, str | None]] = []
    rows: list[int] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line, parse_float=str, parse_int=str, parse_constant=str)
        except (ValueError, RecursionError) as fault:
            raise _unreadable(file, Text(f"第 {number} 行不是 JSON", f"line {number} is not JSON")) from fault
        if not isinstance(record, dict) or any(isinstance(value, dict | list) for value in record.values()):
            raise _unreadable(
                file, Text(f"第 {number} 行不是单层的 JSON 对象", f"line {number} is not a flat JSON object")
            )
        records.append({key: None if value is None else str(value) for key, value in record.items()})
        rows.append(number)
    headers = tuple(dict.fromkeys(key for record in records for key in record))
    series = tuple(pl.Series(header, [record.get(header) for record in records], dtype=pl.String) for header in headers)
    letters = tuple(column_letter(index) for index in range(len(headers)))
    numbers = pl.Series(rows, dtype=pl.UInt32)
    return ([Sheet(file, None, headers, letters, series, numbers, alone=True)] if headers else []), []


def _sheet_of(file: str, frame: pl.DataFrame, first: int) -> Sheet:
    return Sheet(
        file,
        None,
        tuple(frame.columns),
        tuple(column_letter(index) for index in range(frame.width)),
        tuple(frame.get_columns()),
        pl.int_range(first, first + frame.height, dtype=pl.UInt32, eager=True),
        alone=True,
    )
