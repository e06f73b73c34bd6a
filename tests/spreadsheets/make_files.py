"""Makes the files of `files/`: `python -m tests.spreadsheets.make_files [--office]`, with LibreOffice for the binary ones."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
import zipfile
from datetime import date
from pathlib import Path
from typing import Any, Final

import msoffcrypto
import openpyxl

from tests.intake.conftest import code

FILES: Final = Path(__file__).resolve().parent / "files"
PASSWORD: Final = "申报 2018#a"  # noqa: S105  # that of two files made up for tests
HEAD: Final = ("统一社会信用代码", "名称", "县区", "网上年交易额(万元)", "成立日期", "是否引进落户", "联系电话")
ROWS: Final[tuple[tuple[Any, ...], ...]] = (
    (code(1), "甲\n分号", "桐城市", 2000.5, date(2018, 8, 17), "是", "001"),
    (code(2), "乙 [b]", None, 0.1 + 0.2, date(2016, 2, 29), "否", "NA"),
    (code(3), "丙䶮㛃", "怀宁县", 12, None, None, None),
)
"""What every file says; `book` adds what only a workbook can say."""
TEXT: Final = "\n".join(
    ",".join("" if cell is None else f'"{cell}"' if "\n" in str(cell) else f"{cell}" for cell in row)
    for row in (HEAD, *((*row[:3], f"{row[3]:.15g}", *row[4:]) for row in ROWS))
)  # fmt: skip


def book(path: Path) -> None:
    """The workbook from which the office programs make the others: errors, merges, hidden things, a remark."""
    made = openpyxl.Workbook()
    sheet = made["Sheet"]
    sheet.title = "申报主体"
    for row in (HEAD, *ROWS):
        sheet.append(row)
    sheet.append((code(4), "丁", "=B2", "=1/0", 43329, "=TRUE()", "=NA()"))
    sheet.append((code(5), "戊", None, "=A1&1", None, "否", "=1+1"))
    sheet.append((code(6), "己", "太湖县", 7))
    sheet.append((code(7), "庚", None, 8))
    sheet.merge_cells("C7:C8")
    sheet.row_dimensions[4].hidden = True
    hidden = made.create_sheet("旧数据")
    hidden.append(HEAD)
    hidden.append((code(9), "壬"))
    hidden.sheet_state = "hidden"
    made.save(path)


def texts(folder: Path) -> None:
    """The text files, and what is named as a table and is none."""
    for name, encoding, delimiter in (
        ("utf8.csv", "utf-8", ","),
        ("bom.csv", "utf-8-sig", ","),
        ("utf16.csv", "utf-16", "\t"),
        ("gb18030.csv", "gb18030", ","),
        ("semicolon.csv", "utf-8", ";"),
        ("tab.csv", "gb18030", "\t"),
        ("fullwidth.csv", "utf-8", "，"),
    ):
        (folder / name).write_bytes(TEXT.replace(",", delimiter).encode(encoding))
    whole = TEXT.encode()
    (folder / "cut.csv").write_bytes(whole.replace("丙".encode(), "丙".encode()[:2], 1))
    (folder / "nul.csv").write_bytes(whole.replace(b"NA", b"N\x00", 1))
    (folder / "ragged.csv").write_bytes(f"{TEXT}\n{code(4)},丁\n{code(5)},戊,,1,234.5,,,\n".encode())
    (folder / "empty.csv").write_bytes(b"")
    (folder / "page.xls").write_bytes(page("gb2312").encode("gb18030"))
    (folder / "utf8-page.xls").write_bytes(page("utf-8").encode())
    (folder / "frames.xls").write_bytes(b"<html><frameset><frame src=a.htm></frameset></html>")
    (folder / "xml2003.xls").write_bytes(xml2003().encode())
    (folder / "document.xlsx").write_bytes(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    (folder / "picture.xls").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    (folder / "rar.xlsx").write_bytes(b"Rar!\x1a\x07\x00" + bytes(40))
    with zipfile.ZipFile(folder / "zip.xlsx", "w") as archive:
        archive.writestr(zipfile.ZipInfo("申报表/a.csv"), TEXT)


def page(charset: str) -> str:
    """A table as a government system exports it: a layout table around it, merged cells, a remark in a script."""

    def cell(value: object) -> str:
        return f"<td>{'' if value is None else str(value).replace(chr(10), '<br>')}</td>"

    rows = "".join(f"<tr>{''.join(map(cell, (*row[:3], f'{row[3]:.15g}', *row[4:])))}</tr>\n" for row in ROWS)
    last = f"<tr><td>{code(6)}<td>己<td rowspan=2>太湖县&nbsp;<td>7<tr><td>{code(7)}<td>庚<td>8"
    head = "".join(f"<th>{name}</th>" for name in HEAD)
    return (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"></head><body>'
        f"<script>var a = '<table><tr><td>x</table>';</script><table><tr><td>导出<table border=1>\n"
        f"<tr>{head}</tr>\n{rows}{last}</table></td></tr></table></body></html>"
    )


def xml2003() -> str:
    """A workbook in the XML of Excel 2003."""

    def cell(value: object) -> str:
        if value is None:
            return "<Cell/>"
        kind = "Number" if isinstance(value, int | float) else "DateTime" if isinstance(value, date) else "String"
        shown = f"{value}T00:00:00.000" if kind == "DateTime" else str(value).replace("\n", "&#10;")
        return f'<Cell><Data ss:Type="{kind}">{shown}</Data></Cell>'

    rows = "\n".join(f"<Row>{''.join(map(cell, row))}</Row>" for row in (HEAD, *ROWS))
    rows = rows.replace(f"<Row>{cell(code(3))}", f'<Row ss:Hidden="1">{cell(code(3))}')
    fourth = (
        f'<Row ss:Index="5">{cell(code(4))}{cell("丁")}<Cell ss:Index="4" ss:Formula="=1/0">'
        '<Data ss:Type="Error">#DIV/0!</Data></Cell><Cell ss:Index="7" ss:Formula="=A1"/></Row>'
    )
    merged = (
        f'<Row>{cell(code(6))}{cell("己")}<Cell ss:MergeDown="1"><Data ss:Type="String">太湖县</Data></Cell>{cell(7)}</Row>'
        f'<Row>{cell(code(7))}{cell("庚")}<Cell ss:Index="4"><Data ss:Type="Number">8</Data></Cell></Row>'
    )
    return (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:x="urn:schemas-microsoft-com:office:excel">'
        f'<Worksheet ss:Name="申报主体"><Table>{rows}{fourth}{merged}</Table></Worksheet>'
        f'<Worksheet ss:Name="旧数据"><Table><Row>{cell("甲")}</Row></Table>'
        "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet></Workbook>"
    )


# ---- what needs an office program ------------------------------------------------------------------------------------
MACRO: Final = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
Sub Save(source As String, target As String, kind As String, word As String)
  Dim how(1) As New com.sun.star.beans.PropertyValue
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  how(0).Name = "FilterName" : how(0).Value = kind
  how(1).Name = "Password" : how(1).Value = word
  made = StarDesktop.loadComponentFromURL(source, "_blank", 0, hidden())
  made.storeToURL(target, how())
  made.close(True)
End Sub
</script:module>
"""


def as_document(data: bytes) -> bytes:
    """An old workbook as an old text document: the name of its stream tells one from the other."""
    old, new = (name.encode("utf-16-le") for name in ("Workbook", "WordDocument"))
    at = data.index(old.ljust(64, b"\0"))
    return data[:at] + new.ljust(64, b"\0") + (len(new) + 2).to_bytes(2, "little") + data[at + 66 :]


def office(folder: Path) -> None:
    """The binary files."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        profile = f"-env:UserInstallation=file://{work}/profile"

        def run(*words: str) -> None:
            subprocess.run(["soffice", profile, "--headless", *words], check=True, capture_output=True, timeout=180)

        book(work / "source.xlsx")
        for kind in ("xlsx:Calc MS Excel 2007 XML", "xls:MS Excel 97", "ods", "fods"):
            run("--convert-to", kind, "--outdir", f"{work}/out", f"{work}/source.xlsx")
            suffix = kind.partition(":")[0]
            shutil.copy(work / "out" / f"source.{suffix}", folder / f"book.{suffix}")
        shutil.copy(folder / "book.xls", folder / "book.et")
        (folder / "wps-text.xls").write_bytes(as_document((folder / "book.xls").read_bytes()))
        basic = work / "profile" / "user" / "basic" / "Standard"
        (basic / "Module1.xba").write_text(MACRO, encoding="utf-8")
        library = (basic / "script.xlb").read_text(encoding="utf-8")
        if "Module1" not in library:
            entry = ' <library:element library:name="Module1"/>\n</library:library>'
            (basic / "script.xlb").write_text(library.replace("</library:library>", entry), encoding="utf-8")
        for suffix, kind in (("xls", "MS Excel 97"), ("ods", "calc8")):
            target = f"{work}/out/password.{suffix}"
            words = f'"file://{work}/source.xlsx","file://{target}","{kind}","{PASSWORD}"'
            run(f"macro:///Standard.Module1.Save({words})")
            shutil.copy(target, folder)
    with (folder / "book.xlsx").open("rb") as plain, (folder / "password.xlsx").open("wb") as closed:
        msoffcrypto.OfficeFile(plain).encrypt(PASSWORD, closed)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--office", action="store_true", help="make the binary files too, with LibreOffice")
    texts(FILES)
    if parser.parse_args().office:
        office(FILES)
