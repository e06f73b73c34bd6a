"""Files without cells: .csv as text first, .parquet, and JSON lines, to sheets."""

from __future__ import annotations

import csv
import io
import json
from typing import Final

import polars as pl

from anqing_subsidy.finding import Finding, InputError, Place, Text
from anqing_subsidy.intake.sheet import Sheet, column_letter

DELIMITERS: Final = (",", "\t", ";")
_MAGIC_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


def _unreadable(file: str, why: Text) -> InputError:
    return InputError(Text(f"无法读取 {file}：{why.zh}", f"cannot read {file}: {why.en}"))


def decode(file: str, data: bytes) -> tuple[str, list[Finding]]:
    """The text of a file: by its byte order mark, else strict UTF-8, else GB18030 (which is said)."""
    if data.startswith(_MAGIC_UTF16):
        encodings: tuple[str, ...] = ("utf-16",)
    elif data.startswith(b"\xef\xbb\xbf"):
        encodings = ("utf-8-sig",)
    else:
        encodings = ("utf-8", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        if encoding == "gb18030":
            message = Text("按 GB18030 编码读取", "read as GB18030")
            fix = Text("若文字有误，请另存为 UTF-8", "if words are garbled, save it as UTF-8")
            return text, [Finding("info", "ENCODING", message, Place(file), fix=fix)]
        return text, []
    raise _unreadable(
        file,
        Text(
            "既不是工作簿，也不是 UTF-8 或 GB18030 文本。请另存为 .xlsx 或 UTF-8 的 .csv",
            "neither a workbook nor text in UTF-8 or GB18030; save it as .xlsx or as .csv in UTF-8",
        ),
    )


def _records(file: str, text: str) -> tuple[list[list[str]], str, str]:
    """The records of a delimited text, the delimiter, and the delimiter that its first line tells, if it does."""
    first_line = text.lstrip("\r\n").split("\n", 1)[0].strip()
    told = first_line.removeprefix("sep=") if first_line.startswith("sep=") else ""
    delimiter = told if told in DELIMITERS else max(DELIMITERS, key=first_line.count)
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as fault:
        why = Text(
            f"引号不配对（{fault}）。请另存为 .csv 或 .xlsx",
            f"quotes do not match ({fault}); save it again as .csv or .xlsx",
        )
        raise _unreadable(file, why) from fault
    return records, delimiter, told


def records_of(file: str, data: bytes) -> list[list[str]]:
    """The cells of a delimited file as typed; the place of a record is the row that findings name.

    Raises:
        InputError: it is not text, or a quote is never closed.
    """
    return _records(file, decode(file, data)[0])[0]


def read_csv(file: str, data: bytes) -> tuple[list[Sheet], list[Finding]]:
    """A delimited file: every value is the text typed.

    Raises:
        InputError: it is not text, or a quote is never closed.
    """
    text, findings = decode(file, data)
    records, delimiter, told = _records(file, text)
    start = 1 if told else 0
    head = next((i for i, record in enumerate(records) if i >= start and any(cell.strip() for cell in record)), None)
    if head is None:
        return [], findings
    headers = [header.strip() for header in records[head]]
    width = len(headers)
    kept, rows = [], []
    for number, record in enumerate(records[head + 1 :], head + 2):
        if len(record) > width and any(cell.strip() for cell in record[width:]):
            findings.append(_ragged(file, number, len(record), width, delimiter))
            continue
        kept.append(record if len(record) == width else (record + [""] * width)[:width])
        rows.append(number)
    columns = zip(*kept, strict=True) if kept else [()] * width
    series = tuple(pl.Series(f"column_{i}", values, dtype=pl.String) for i, values in enumerate(columns))
    numbers = pl.Series(rows, dtype=pl.UInt32)
    letters = tuple(column_letter(index) for index in range(width))
    sheet = Sheet(file, None, tuple(headers), letters, series, numbers, header_row=head + 1, alone=True)
    return [sheet], findings


def _ragged(file: str, row: int, found: int, width: int, delimiter: str) -> Finding:
    message = Text(
        f"该行有 {found} 列，表头只有 {width} 列，未读取", f"{found} values under {width} headers: the row is kept out"
    )
    fix = Text(f"含“{delimiter}”的内容须加引号", f"put values that contain {delimiter!r} in quotes")
    return Finding("error", "RAGGED_ROW", message, Place(file, None, row), fix=fix)


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
    text, findings = decode(file, data)
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
    return ([Sheet(file, None, headers, letters, series, numbers, alone=True)] if headers else []), findings


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
