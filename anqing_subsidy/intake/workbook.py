"""Workbooks (.xlsx) to sheets, in two lanes: fastexcel where a scan of the XML finds it trustworthy, else our own reader.

The scan runs in a second thread beside fastexcel; `Scan` says what decides. Both lanes give the same tables.
"""

from __future__ import annotations

import io
import logging
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, BinaryIO, Final, cast

import fastexcel
import polars as pl

from anqing_subsidy.finding import Finding, InputError, Place, Text
from anqing_subsidy.intake.content import hidden_letters, shown_number, texts_of
from anqing_subsidy.intake.parts import Book, Listed, open_book
from anqing_subsidy.intake.scan import Head, RepeatedCellError, Scan, look_at_head, number_rows, scan
from anqing_subsidy.intake.sheet import UNCACHED, Sheet, column_letter

if TYPE_CHECKING:
    from concurrent.futures import Future

SMALL: Final = 8 << 20
SPARSE: Final = 20_000_000
"""Fast readers take memory for each cell of the area that is used, also for blank ones."""
_HEAD: Final = 256 << 10
_PARTS_HEAD: Final = 64 << 10
_SECOND_LETTER = re.compile(rb'r="[A-Z]{2}\d')
_FAR_COLUMN = re.compile(rb'r="[A-Z]{3}\d')
_WAY_OUT = Text(
    "请用 Excel 或 WPS 打开，另存为新的 .xlsx 文件后再试",
    "open it in Excel or WPS, save it as a new .xlsx and try again",
)


def unreadable(file: str, why: Text) -> InputError:
    """A workbook that cannot be read, why, and the way out."""
    return InputError(Text(f"无法读取 {file}：{why.zh}。{_WAY_OUT.zh}", f"cannot read {file}: {why.en}; {_WAY_OUT.en}"))


def is_reader_fault(fault: BaseException) -> bool:
    """Whether a reader failed; the panics of those written in Rust are no `Exception`."""
    return isinstance(fault, Exception) or type(fault).__name__ == "PanicException"


def read_workbook(file: str, data: bytes, *, careful: bool = False) -> tuple[list[Sheet], list[Finding]]:
    """The visible sheets of a workbook that hold something; hidden ones are findings.

    Args:
        file: its name in places and messages.
        data: its bytes.
        careful: read every sheet in the careful lane, whatever the scan says.

    Raises:
        InputError: it is damaged, or programs could see different contents in it.
    """
    logging.getLogger("fastexcel").setLevel(logging.ERROR)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_parts(file, archive)
            book = open_book(archive)
            visible = [sheet for sheet in book.sheets if sheet.state == "visible" and "chartsheet" not in sheet.part]
            alone = len(visible) == 1
            fast = _FastLane(file, data, book)
            read = [_read_sheet(None if careful else fast, book, file, sheet, alone=alone) for sheet in visible]
            return [sheet for sheet in read if sheet is not None], _hidden_sheets(file, book)
    except InputError:
        raise
    except RepeatedCellError as fault:
        why = Text("同一单元格或同一行出现两次，不同软件会读出不同内容", "a cell or a row is given twice")
        raise unreadable(file, why) from fault
    except BaseException as fault:  # whatever a damaged file makes a reader raise, the way out is the same
        if not is_reader_fault(fault):
            raise
        detail = str(fault).splitlines()[0][:200] if str(fault) else type(fault).__name__
        raise unreadable(
            file, Text(f"文件损坏或不是工作簿（{detail}）", f"damaged, or no workbook ({detail})")
        ) from fault


def _check_parts(file: str, archive: zipfile.ZipFile) -> None:
    names = [name.casefold().replace("\\", "/").lstrip("/") for name in archive.namelist()]
    if len(set(names)) < len(names):
        raise unreadable(file, Text("压缩包内有同名的两个部分", "two parts of it have one name"))
    for info in archive.infolist():
        if info.flag_bits & 1:
            raise unreadable(file, Text("文件已加密", "it is encrypted"))
        if info.filename.casefold().endswith((".xml", ".rels")):
            with archive.open(info) as part:
                head = part.read(_PARTS_HEAD)
            if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise unreadable(file, Text("内部使用 UTF-16 编码", "its parts are in UTF-16"))
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise unreadable(file, Text("内部含有 DOCTYPE 声明", "its XML has a DOCTYPE"))


def _hidden_sheets(file: str, book: Book) -> list[Finding]:
    findings = []
    for sheet in book.sheets:
        if sheet.state != "visible":
            message = Text(f"隐藏的工作表“{sheet.name}”未读取", f"the hidden sheet {sheet.name!r} is passed over")
            fix = Text("需要读取请取消隐藏", "unhide it to have it read")
            findings.append(Finding("warning", "HIDDEN_SHEET", message, Place(file, sheet.name), fix=fix))
    return findings


def _read_sheet(fast: _FastLane | None, book: Book, file: str, listed: Listed, *, alone: bool) -> Sheet | None:
    if fast is not None:
        sheet = fast.read(listed, alone=alone)
        if sheet is not None:
            return sheet
    from anqing_subsidy.intake.careful import read_sheet

    with book.archive.open(listed.part) as source:
        return read_sheet(cast("BinaryIO", source), book, file, listed.name, alone=alone)


class _FastLane:
    """Reads the sheets of a workbook with fastexcel; one that it may not be trusted with is None."""

    def __init__(self, file: str, data: bytes, book: Book) -> None:
        self.file, self.data, self.book = file, data, book
        self.reader: fastexcel.ExcelReader | None = None

    def read(self, listed: Listed, *, alone: bool) -> Sheet | None:
        """The sheet as columns of one type each, or None: read it in the careful lane."""
        part = listed.part
        with self.book.archive.open(part) as source:
            head = look_at_head(source.read(_HEAD))
        if not (head.usual and head.header_row) or _is_far(head):
            return None
        if self.book.archive.getinfo(part).file_size <= SMALL:
            content = self.book.archive.read(part)
            if _may_be_far(content):
                return None
        with ThreadPoolExecutor(1) as thread:
            scanned: Future[Scan] = thread.submit(self._scan, part)
            try:
                frame = self._load(listed.name, head.header_row)
            except BaseException as fault:  # what the fast reader cannot read, the careful one may; else it says why
                if not is_reader_fault(fault):
                    raise
                return None
            found = scanned.result()
        above = self._above(part, head, found)
        if not _may_trust(frame, found, head, above):
            return None
        return self._sheet(listed, frame, head, found, above, alone=alone)

    def _scan(self, part: str) -> Scan:
        with self.book.archive.open(part) as source:
            return scan(cast("BinaryIO", source), self.book.shown.percents, shared=bool(self.book.texts_part))

    def _load(self, name: str, header_row: int) -> pl.DataFrame:
        if self.reader is None:
            self.reader = fastexcel.read_excel(self.data)
        return self.reader.load_sheet(name, header_row=header_row - 1, schema_sample_rows=None).to_polars()

    def _above(self, part: str, head: Head, found: Scan) -> dict[int, dict[str, str]]:
        if head.header_row <= found.first_row:
            return {}
        from anqing_subsidy.intake.careful import read_content

        with self.book.archive.open(part) as source:
            content = read_content(cast("BinaryIO", source), self.book, before=head.header_row)
        return texts_of(content, set(range(head.header_row)))

    def _sheet(
        self,
        listed: Listed,
        frame: pl.DataFrame,
        head: Head,
        found: Scan,
        above: dict[int, dict[str, str]],
        *,
        alone: bool,
    ) -> Sheet:
        letters = tuple(column_letter(found.first_column + index) for index in range(frame.width))
        first = head.header_row + 1
        numbers = self._numbers(listed.part, frame, letters, found, above)
        return Sheet(
            file=self.file,
            name=listed.name,
            headers=header_texts(frame.columns),
            letters=letters,
            columns=tuple(
                _shown(series, numbers.get(letter), first)
                for series, letter in zip(frame.get_columns(), letters, strict=True)
            ),
            rows=pl.int_range(first, first + frame.height, dtype=pl.UInt32, eager=True),
            header_row=head.header_row,
            alone=alone,
            date1904=self.book.date1904,
            faults=found.faults,
            booleans=found.booleans,
            numbers=numbers,
            percents={letter: frozenset(rows) for letter, rows in found.percents.items()},
            above=above,
            merges=tuple(found.merges),
            hidden_rows=frozenset(found.hidden_rows),
            hidden_columns=_hidden_letters(head, letters),
        )

    def _numbers(
        self, part: str, frame: pl.DataFrame, letters: tuple[str, ...], found: Scan, above: dict[int, dict[str, str]]
    ) -> dict[str, frozenset[int]]:
        """The numbers in columns of texts; there are none where the texts are as many as those columns have values."""
        worded = [index for index, dtype in enumerate(frame.dtypes) if dtype == pl.String]
        given = sum(frame.height - frame.to_series(index).null_count() for index in worded)
        headers = sum(1 for text in header_texts(frame.columns) if text)
        if not worded or (not above and not found.typed_formulas and found.texts == given + headers):
            return {}
        with self.book.archive.open(part) as source:
            return number_rows(cast("BinaryIO", source), [letters[index] for index in worded])


def _shown(series: pl.Series, numbers: frozenset[int] | None, first: int) -> pl.Series:
    """A column of texts whose numbers have the digits that a person sees; fastexcel writes those of the double."""
    if not numbers:
        return series
    indices = [row - first for row in sorted(numbers) if 0 <= row - first < len(series)]
    texts = [series[index] for index in indices]
    plain = [text if text is None or "-" in text[1:] else shown_number(float(text)) for text in texts]
    return series.clone().scatter(indices, plain)


def _is_far(head: Head) -> bool:
    return head.corner is None or head.corner[0] * (head.corner[1] + 1) > SPARSE


def _may_be_far(content: bytes) -> bool:
    """Whether a cell may stand so far away that the area up to it is too large, whatever the sheet says of its size."""
    end = content.rfind(b'<row r="')
    last = int(content[end + 8 : content.find(b'"', end + 8)]) if end >= 0 else 0
    if last * 702 <= SPARSE and not _FAR_COLUMN.search(content):
        return False
    width = 16_384 if _FAR_COLUMN.search(content) else 702 if _SECOND_LETTER.search(content) else 26
    return last * width > SPARSE


def _may_trust(frame: pl.DataFrame, found: Scan, head: Head, above: dict[int, dict[str, str]]) -> bool:
    """Whether every filled cell of the XML is in the frame or among the faults of its rows, and nothing is merged below."""
    texts = header_texts(frame.columns)
    given = sum(frame.height - series.null_count() for series in frame.get_columns())
    given += sum(1 for text in texts if text) + sum(map(len, above.values()))
    faults = [(row, shown) for rows in found.faults.values() for row, shown in rows.items()]
    given += sum(1 for _, shown in faults if shown != UNCACHED)
    return (
        not found.odd
        and found.filled == given
        and all(head.header_row < row <= head.header_row + frame.height for row, _ in faults)
        and all(merge.bottom < head.header_row for merge in found.merges)
        and not (
            texts and not texts[0] and UNCACHED in found.faults.get(column_letter(found.first_column), {}).values()
        )
    )


def _hidden_letters(head: Head, letters: tuple[str, ...]) -> frozenset[str]:
    if not head.hidden_columns:
        return frozenset()
    return hidden_letters(list(head.hidden_columns), letters)


def header_texts(names: list[str]) -> tuple[str, ...]:
    """The headers as typed: fastexcel names blank ones, and numbers a header that occurs again."""
    texts: list[str] = []
    for name in names:
        bare, _, count = name.rpartition("_")
        again = count.isdigit() and bare in texts
        texts.append("" if name.startswith("__UNNAMED__") else bare if again else name)
    return tuple(texts)
