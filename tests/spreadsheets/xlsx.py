"""Workbooks written cell by cell, so that a test can put anything into them; the same bytes at every run."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from xml.sax.saxutils import escape

from tests.support import letter

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT: Final = (
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
DATE, PERCENT = 1, 2
_STYLES: Final = (
    '<numFmts count="1"><numFmt numFmtId="176" formatCode="0.0\\%;[Red]0%"/></numFmts>'
    '<fonts count="1"><font><sz val="11"/></font></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="9"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="9"/><xf numFmtId="176"/></cellXfs>'
)


@dataclass(frozen=True)
class Raw:
    """A cell given as XML: `{r}` stands for its reference."""

    xml: str


@dataclass
class Page:
    """A sheet: rows of values from row 1 on, and what lies around them."""

    name: str
    rows: Sequence[Sequence[Any]]
    merges: Sequence[str] = ()
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[int] = ()
    hidden: bool = False
    far: str = ""
    dimension: str | None = None
    percents: Sequence[str] = ()


@dataclass
class Workbook:
    """A workbook of pages; `texts` are shared strings as XML, filled while pages are written."""

    pages: Sequence[Page]
    strict: bool = False
    date1904: bool = False
    inline: bool = False
    rewrite: Mapping[str, Any] = field(default_factory=dict)

    def save(self, *, compressed: bool = False) -> bytes:
        """The bytes of the file."""
        main, relations = STRICT if self.strict else (MAIN, RELATIONS)
        texts: dict[str, int] = {}
        sheets = [self._sheet(page, main, texts) for page in self.pages]
        numbers = range(1, len(sheets) + 1)
        listed = "".join(
            f'<sheet name="{escape(page.name)}" sheetId="{n}"{" state=" + chr(34) + "hidden" + chr(34) if page.hidden else ""} r:id="r{n}"/>'
            for n, page in zip(numbers, self.pages, strict=True)
        )
        system = '<workbookPr date1904="1"/>' if self.date1904 else ""
        links = "".join(
            f'<Relationship Id="r{n}" Type="{relations}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
        )
        links += f'<Relationship Id="t" Type="{relations}/sharedStrings" Target="sharedStrings.xml"/>'
        links += f'<Relationship Id="s" Type="{relations}/styles" Target="styles.xml"/>'
        parts = {
            "[Content_Types].xml": _content_types(len(sheets)),
            "_rels/.rels": _relationships(
                f'<Relationship Id="r" Type="{relations}/officeDocument" Target="xl/workbook.xml"/>'
            ),
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}">{system}<sheets>{listed}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _relationships(links),
            "xl/styles.xml": f'<styleSheet xmlns="{main}">{_STYLES}</styleSheet>',
            **{f"xl/worksheets/sheet{n}.xml": sheet for n, sheet in zip(numbers, sheets, strict=True)},
            "xl/sharedStrings.xml": f'<sst xmlns="{main}">{"".join(f"<si>{text}</si>" for text in texts)}</sst>',
        }
        for part, change in self.rewrite.items():
            parts[part] = change(parts[part])
        return archive(parts, compressed=compressed)

    def _sheet(self, page: Page, main: str, texts: dict[str, int]) -> str:
        lines = []
        for number, row in enumerate(page.rows, 1):
            cells = "".join(self._cell(value, f"{letter(at)}{number}", page, texts) for at, value in enumerate(row))
            hidden = ' hidden="1"' if number in page.hidden_rows else ""
            if cells or hidden:
                lines.append(f'<row r="{number}"{hidden}>{cells}</row>')
        columns = "".join(f'<col min="{at}" max="{at}" width="0" hidden="1"/>' for at in page.hidden_columns)
        width = max((len(row) for row in page.rows), default=1)
        size = page.dimension or f"A1:{letter(max(width, 1) - 1)}{max(len(page.rows), 1)}"
        merges = "".join(f'<mergeCell ref="{area}"/>' for area in page.merges)
        return (
            f'<worksheet xmlns="{main}"><dimension ref="{size}"/>{f"<cols>{columns}</cols>" if columns else ""}'
            f"<sheetData>{''.join(lines)}{page.far}</sheetData>"
            f"{f'<mergeCells count={chr(34)}{len(page.merges)}{chr(34)}>{merges}</mergeCells>' if merges else ''}</worksheet>"
        )

    def _cell(self, value: Any, reference: str, page: Page, texts: dict[str, int]) -> str:  # noqa: ANN401  # any cell
        style = f' s="{PERCENT}"' if reference in page.percents else ""
        if value is None:
            return ""
        if isinstance(value, Raw):
            return value.xml.replace("{r}", reference)
        if isinstance(value, bool):
            return f'<c r="{reference}" t="b"><v>{int(value)}</v></c>'
        if isinstance(value, date):
            days = (value - date(1904, 1, 1)).days if self.date1904 else (value - date(1899, 12, 30)).days
            if self.strict:
                return f'<c r="{reference}" s="{DATE}" t="d"><v>{value.isoformat()}</v></c>'
            return f'<c r="{reference}" s="{DATE}"><v>{days}</v></c>'
        if isinstance(value, int | float):
            return f'<c r="{reference}"{style}><v>{value!r}</v></c>'
        text = f'<t xml:space="preserve">{escape(str(value))}</t>'
        if self.inline:
            return f'<c r="{reference}" t="inlineStr"><is>{text}</is></c>'
        return f'<c r="{reference}" t="s"><v>{texts.setdefault(text, len(texts))}</v></c>'


def archive(parts: Mapping[str, str], *, compressed: bool = False) -> bytes:
    """A zip archive with nothing in it that changes from run to run."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED) as target:
        for name, content in parts.items():
            target.writestr(zipfile.ZipInfo(name, datetime(2018, 8, 17).timetuple()[:6]), content)  # noqa: DTZ001  # of no zone
    return stream.getvalue()


def _relationships(links: str) -> str:
    return f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'


def _content_types(sheets: int) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = "".join(
        f'<Override PartName="/xl/{part}" ContentType="{kind}.{what}+xml"/>'
        for part, what in [
            ("workbook.xml", "sheet.main"),
            ("styles.xml", "styles"),
            ("sharedStrings.xml", "sharedStrings"),
            *((f"worksheets/sheet{n}.xml", "worksheet") for n in range(1, sheets + 1)),
        ]
    )
    return (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )
