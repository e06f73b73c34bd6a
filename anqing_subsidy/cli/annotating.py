"""`--annotate DIR`: which copy goes where, nothing overwritten that is an input, each written whole."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile

from anqing_subsidy.cli.outputs import write_whole
from anqing_subsidy.finding import InputError, Lang, OutputError, Text, UsageError

if TYPE_CHECKING:
    from anqing_subsidy.report.findings import Checked
    from anqing_subsidy.tables import CellKind

_WORKBOOKS: Final = (".xlsx", ".xlsm")
_PARQUET: Final = b"PAR1"
_BARE: Final = Text(
    "本副本由其他格式转来，只有数值和文字，格式与公式不在其中",
    "this copy was made from another format: values and texts alone, without formats and formulas",
)
_TEXTS: Final = (".csv", ".tsv", ".txt")


def check_folder(folder: Path, inputs: Sequence[str]) -> None:
    """Refuse a folder of copies in which inputs lie: a copy would overwrite its original.

    Raises:
        UsageError: it is the folder of an input, or an input itself.
        OutputError: it cannot be made.
    """
    for name in inputs:
        source = Path(name)
        if name == "-" or not source.exists():
            continue
        home = source if source.is_dir() else source.parent
        if folder.exists() and (folder.samefile(source) or folder.samefile(home)):
            raise UsageError(
                Text(
                    f"{folder} 是输入所在的文件夹，标注会覆盖原表，请换一个文件夹",
                    f"{folder} holds the inputs and the copies would overwrite them; choose another folder",
                )
            )
    if folder.exists() and not folder.is_dir():
        raise OutputError(Text(f"{folder} 不是文件夹", f"{folder} is no folder"))
    if not folder.exists() and not folder.parent.is_dir():
        raise OutputError(
            Text(f"没有文件夹 {folder.parent}，先建立它", f"there is no folder {folder.parent}; make it first")
        )


def write_copies(checked: Checked, folder: Path, lang: Lang) -> tuple[list[Path], list[Text]]:
    """Write the annotated copies; those written, and a word on each file that has none.

    Raises:
        OutputError: one cannot be written.
    """
    from anqing_subsidy.report.annotate import annotated

    findings = checked.listed
    owners = checked.owners(findings)
    named = [(owner[1] or owner[0] or "") if owner else "" for owner in owners]
    made: list[tuple[Path, bytes]] = []
    without: list[Text] = []
    taken: set[str] = set()
    for source in checked.assessment.tables.inputs:
        path = Path(source.path)
        kind = path.suffix.lower()
        try:
            data = path.read_bytes() if source.path != "-" else b""
        except OSError as fault:
            raise InputError(Text(f"无法打开 {source.path}：{fault}", f"cannot open {source.path}: {fault}")) from fault
        mine = [
            (found, who)
            for found, who in zip(findings, named, strict=True)
            if any(place is not None and place.file == source.path for place in (found.place, *found.others))
        ]
        remark = ""
        if kind not in _WORKBOOKS or not data.startswith(b"PK"):
            plain = _plain(source.path, data)
            if plain is None:
                without.append(
                    Text(
                        f"{source.path} 没有标注副本；请另存为不设密码的 .xlsx",
                        f"{source.path} gets no annotated copy; save it as .xlsx without a password",
                    )
                )
                continue
            data, remark = plain, _BARE.say(lang)
        name = path.name if kind in _WORKBOOKS and not remark else f"{path.stem}.xlsx"
        try:
            copy = annotated(data, source.path, mine, lang, remark)
        except (ValueError, KeyError, StopIteration, ExpatError, BadZipFile) as fault:
            # a workbook that could be read and is put together in a way that cannot be marked
            without.append(
                Text(
                    f"{source.path} 的内部结构无法标注（{fault}），未写副本；请用 Excel 或 WPS 另存一次",
                    f"{source.path} is built in a way that cannot be marked ({fault}); save it again in Excel or WPS",
                )
            )
            continue
        made.append((folder / _free(name, path, taken), copy))
    try:
        folder.mkdir(exist_ok=True)
    except OSError as fault:
        raise OutputError(Text(f"无法建立文件夹 {folder}：{fault}", f"cannot make {folder}: {fault}")) from fault
    for target, content in made:
        write_whole(target, partial(_write, content=content))
    return [target for target, _ in made], without


def _plain(file: str, data: bytes) -> bytes | None:
    """A workbook of the bare cells of a file of another format; None where there are none to be had.

    What has a password gets no copy: the copy would have none.
    """
    from anqing_subsidy.report.annotate import workbook_of

    if not data or data.startswith(_PARQUET):
        return None
    if Path(file).suffix.lower() in _TEXTS:
        from anqing_subsidy.intake.delimited import records_of
        from anqing_subsidy.tables import PlainSheet

        records = enumerate(records_of(file, data), 1)
        cells: dict[tuple[int, int], tuple[CellKind, str]] = {
            (row, at): ("text", text) for row, record in records for at, text in enumerate(record, 1) if text
        }
        return workbook_of([PlainSheet(Path(file).stem, cells)])
    from anqing_subsidy.intake.process import plain_sheets

    try:
        sheets = plain_sheets(file, data)
    except InputError:
        return None
    return workbook_of(sheets) if sheets else None


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _free(name: str, path: Path, taken: set[str]) -> str:
    """The name of a copy: that of its file, with the folder in front where two files have one name."""
    wanted = name
    if wanted.casefold() in taken and path.parent.name:
        wanted = f"{path.parent.name}-{name}"
    number = 1
    while wanted.casefold() in taken:
        number += 1
        wanted = f"{Path(name).stem}-{number}{Path(name).suffix}"
    taken.add(wanted.casefold())
    return wanted
