"""What reading costs beside bare fastexcel: `python benchmarks/reading.py [--rows 100000] [--columns 25] [--runs 5]`.

Clean cells, the first columns of the applicants' sheet with none of them blank, in the two forms in which programs
write texts: in a list that the cells share, as Excel and WPS do, and in the cells themselves. Four ways to read each
file, in turn: fastexcel alone to polars; ours in one process, to typed tables with their places; ours with the reader
process, which was started while the policy was loaded, as the commands do; and that once more with its start in the
time. Beside the time by the wall stands that of the processors, children included, which a busy machine changes less.

Ends with 1 where the ways do not come to the same totals.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final, NamedTuple

import data
import fastexcel
import polars as pl

from anqing_subsidy import load_policy, read_tables
from anqing_subsidy.intake import prepare
from anqing_subsidy.intake.books import read_book
from anqing_subsidy.intake.inputs import Source
from anqing_subsidy.intake.process import stop_idle
from anqing_subsidy.intake.read import Intake

if TYPE_CHECKING:
    from anqing_subsidy.policy import Policy
    from anqing_subsidy.tables import Tables

SHEET: Final = "申报主体"
BARE: Final = "fastexcel alone"


class Spent(NamedTuple):
    """Seconds by the wall and of the processors, and the sum of the money columns in fen."""

    wall: float
    processors: float
    fen: int


def sheet(rows: int, columns: int, policy: Policy) -> pl.DataFrame:
    """The cells to be read."""
    people = data.filled(data.applicants(rows))
    typed = data.as_typed_in(people, "applicants", policy)
    return typed.select(typed.columns[:columns])


def write_shared(cells: pl.DataFrame, path: Path) -> None:
    """A workbook whose cells refer to a list of texts."""
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        written = book.add_worksheet(SHEET)
        written.write_row(0, 0, cells.columns)
        for number, row in enumerate(cells.iter_rows(), 1):
            written.write_row(number, 0, row)


def write_inline(cells: pl.DataFrame, path: Path) -> None:
    """A workbook whose cells hold their texts themselves."""
    from rustpy_xlsxwriter import write_worksheets

    write_worksheets([(SHEET, cells)], str(path))


# ---- the ways to read --------------------------------------------------------------------------------------------------
def bare(path: Path) -> pl.DataFrame:
    """Nothing but fastexcel."""
    return fastexcel.read_excel(path).load_sheet(SHEET, schema_sample_rows=None).to_polars()


def in_process(path: Path, policy: Policy) -> Tables:
    """Ours, without a process of its own for the reader."""
    intake = Intake(policy)
    content = path.read_bytes()
    intake.read(Source(str(path), content, lambda: read_book(str(path), content)))
    return intake.tables()


def fen_of_cells(cells: pl.DataFrame) -> int:
    """The sum of the money columns, as fastexcel gives them."""
    money = [name for name in cells.columns if name.endswith("(元)")]
    return int(sum((cells[name] * 100).round().cast(pl.Int64).sum() for name in money))


def fen_of_tables(tables: Tables, policy: Policy) -> int:
    """The same of typed tables."""
    frame = tables.frames["applicants"]
    money = [column.id for column in policy.tables["applicants"].columns.values() if column.type == "money"]
    return int(sum(frame[name].sum() for name in money))


def processors() -> float:
    """The seconds that the processors have spent on this process and on the children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def spent(work: Callable[[], Callable[[], int]]) -> Spent:
    """What some reading takes; the sum that it gives is made afterwards. The children end first: they count."""
    before, start = processors(), time.perf_counter()
    total = work()
    wall = time.perf_counter() - start
    stop_idle()
    return Spent(wall, processors() - before, total())


def ways(path: Path, policy: Policy) -> dict[str, Callable[[], Spent]]:
    """Every way, by what it is called."""

    def alone() -> Spent:
        def read() -> Callable[[], int]:
            cells = bare(path)
            return lambda: fen_of_cells(cells)

        return spent(read)

    def ours() -> Spent:
        def read() -> Callable[[], int]:
            tables = in_process(path, policy)
            return lambda: fen_of_tables(tables, policy)

        return spent(read)

    def from_process() -> Callable[[], int]:
        tables = read_tables([path], policy)
        return lambda: fen_of_tables(tables, policy)

    def prepared() -> Spent:
        prepare([path])
        load_policy()
        time.sleep(0.5)  # a command also imports polars meanwhile
        return spent(from_process)

    return {
        BARE: alone,
        "ours in one process": ours,
        "ours with the reader process": prepared,
        "ours with the reader process and its start": lambda: spent(from_process),
    }


def measure(path: Path, policy: Policy, runs: int) -> dict[str, list[Spent]]:
    """All ways in turn, forth and back; a first round is not counted."""
    every = ways(path, policy)
    found: dict[str, list[Spent]] = {name: [] for name in every}
    for number in range(runs + 1):
        for name in every if number % 2 else reversed(every):
            took = every[name]()
            if number:
                found[name].append(took)
    return found


def row(name: str, found: dict[str, list[Spent]]) -> str:
    """A line of the table: medians, and the medians of the ratios of each round."""
    ours, other = found[name], found[BARE]
    pairs = list(zip(ours, other, strict=True))
    wall = median(one.wall / two.wall for one, two in pairs)
    busy = median(one.processors / two.processors for one, two in pairs)
    seconds = median(one.wall for one in ours), median(one.processors for one in ours)
    return f"| {name} | {seconds[0]:.2f} | {wall:.2f} | {seconds[1]:.2f} | {busy:.2f} |"


def main() -> int:
    """Measure, print, and say whether all totals agree."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the sheet")
    parser.add_argument("--columns", type=int, default=25, help="columns of the sheet")
    parser.add_argument("--runs", type=int, default=5, help="rounds, of which the medians are given")
    given = parser.parse_args()
    policy = load_policy()
    cells = sheet(given.rows, given.columns, policy)
    expected = fen_of_cells(cells)
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="anqing-benchmark-") as folder:
        for what, write in (("shared texts", write_shared), ("texts in the cells", write_inline)):
            path = Path(folder, "applicants.xlsx")
            write(cells, path)
            found = measure(path, policy, given.runs)
            print(f"\n| {cells.height:,} x {cells.width}, {what} | s | ratio | processors s | ratio |")
            print("|---" * 5 + "|")
            for name, took in found.items():
                print(row(name, found))
                wrong += sum(1 for one in took if one.fen != expected)
            path.unlink()
    print(f"\n{'all totals agree' if not wrong else f'{wrong} totals differ'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
