"""What is measured: each task runs in a process of its own and prints what it found as one line of JSON.

`run.py` starts them: `python tasks.py TASK FOLDER ...`. The folder holds the made-up input and what was written.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import polars as pl

    from anqing_subsidy.engine import Assessment
    from anqing_subsidy.policy import Policy

Found = dict[str, Any]
Made = TypeVar("Made")

INPUT: Final = "applicants.xlsx"
OUTPUT: Final = "result.xlsx"
SHEETS: Final = ("申报主体", "历年数据")
CAP: Final = {"c1": 20_000_000, "c3": 20_000_000, "c7": 30_000_000}
"""In fen; written here once more, so that the policy file is not checked with itself."""
ENTERPRISES: Final = ("company", "sole_proprietorship", "partnership", "cooperative")


class Clock:
    """Seconds of each stage, and the peak of memory up to its end."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.peak: dict[str, float] = {}

    def stage(self, name: str, work: Callable[[], Made]) -> Made:
        """Do the work of a stage."""
        start = time.perf_counter()
        made = work()
        self.seconds[name] = time.perf_counter() - start
        self.peak[name] = peak_mb()
        return made


def peak_mb() -> float:
    """The most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def seconds(work: Callable[[], object]) -> float:
    """How long something takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def pairs(ours: Callable[[], object], bare: Callable[[], object], runs: int) -> Found:
    """Both in turn, the first of a pair being the second of the next one; a first pair is not counted."""
    found: list[tuple[float, float]] = []
    for number in range(runs + 1):
        if number % 2:
            other = seconds(bare)
            found.append((seconds(ours), other))
        else:
            found.append((seconds(ours), seconds(bare)))
    return {"pairs": found[1:]}


# ---- the input, and what it must come to -----------------------------------------------------------------------------
def make(folder: Path, count: str, fill: str) -> Found:
    """Write the input: the workbook, and the typed frames beside it."""
    import data

    from anqing_subsidy import load_policy

    made = data.frames(int(count), full=fill == "full")
    data.write_workbook(made, folder / INPUT, load_policy())
    for table, frame in made.items():
        frame.write_parquet(folder / f"{table}.parquet")
    return {"by_hand": by_hand(made["applicants"]), "cells": sum(frame.height * frame.width for frame in made.values())}


def by_hand(people: pl.DataFrame) -> dict[str, int]:
    """Four clauses in plain integers, without the policy file and the engine."""
    sums = dict.fromkeys(("c1", "c3", "c4", "c7"), 0)
    for row in people.iter_rows(named=True):
        enterprise = row["entity_form"] in ENTERPRISES
        invoiced, online = row["invoiced_sales_yuan"], row["online_sales_yuan"]
        of_scale = row["online_gmv_yuan"] >= 10_000_000_000 or invoiced >= 1_000_000_000
        if row["is_introduced"] and enterprise and of_scale:
            sums["c1"] += min((invoiced * (2 if row["is_cross_border"] else 1) + 50) // 100, CAP["c1"])
        if row["is_village_station"] and row["full_coverage"] and online >= 50_000_000:
            sums["c3"] += min((online * 2 + 50) // 100, CAP["c3"])
        if enterprise and row["is_cross_border"] and row["trade_value_yuan"]:
            sums["c4"] += 200 * (row["cross_border_parcels"] or 0)
        heads = ((160_000, "trainees_park"), (100_000, "trainees_shop"), (50_000, "trainees_hired"))
        sums["c7"] += min(sum(pay * (row[kind] or 0) for pay, kind in heads), CAP["c7"])
    return sums


# ---- the stages --------------------------------------------------------------------------------------------------------
def stages(folder: Path) -> Found:
    """A whole run in this process, stage by stage."""
    clock = Clock()

    def imports() -> None:
        import rustpy_xlsxwriter  # noqa: F401

        import anqing_subsidy.engine
        import anqing_subsidy.intake.read
        import anqing_subsidy.policy
        import anqing_subsidy.report.detail
        import anqing_subsidy.report.workbook  # noqa: F401

    clock.stage("import", imports)
    from anqing_subsidy import assess, load_policy, read_tables
    from anqing_subsidy.report.detail import detail_frame
    from anqing_subsidy.report.workbook import write_workbook

    policy = clock.stage("policy", load_policy)
    tables = clock.stage("read", lambda: read_tables([folder / INPUT], policy))
    result = clock.stage("assess", lambda: assess(policy, tables))
    detail = clock.stage("describe", lambda: detail_frame(result, "zh"))
    clock.stage("write", lambda: write_workbook(result, detail, folder / "stages.xlsx", "zh", version="0"))
    return {"seconds": clock.seconds, "peak": clock.peak, **sums_of(result), **sums_of_workbook(folder / "stages.xlsx")}


def assessing(folder: Path) -> Found:
    """`assess` alone, of the typed frames: no file is read."""
    from anqing_subsidy import assess

    policy, tables = typed(folder)
    before = peak_mb()
    clock = Clock()
    result = clock.stage("assess", lambda: assess(policy, tables))
    return {"seconds": clock.seconds, "peak": clock.peak, "before": before, **sums_of(result)}


def typed(folder: Path) -> tuple[Policy, Any]:
    """The typed frames of the input."""
    import data
    import polars as pl

    from anqing_subsidy import load_policy

    policy = load_policy()
    made = {table: pl.read_parquet(folder / f"{table}.parquet") for table in ("applicants", "history")}
    return policy, data.tables(made, policy)


def sums_of(result: Assessment) -> Found:
    """What an assessment comes to, in fen."""
    lines = result.lines
    sums = zip(lines["clause"].to_list(), lines["amount"].to_list(), strict=True)
    by_clause: dict[str, int] = {}
    for clause, amount in sums:
        by_clause[clause] = by_clause.get(clause, 0) + amount
    return {"total": int(result.applicants["total"].sum()), "by_clause": by_clause, "lines": lines.height}


# ---- beside the bare libraries ---------------------------------------------------------------------------------------
def bare_read(path: Path) -> None:
    """Read the input with nothing but fastexcel."""
    import fastexcel

    book = fastexcel.read_excel(path)
    for name in SHEETS:
        book.load_sheet(name).to_polars()


def bare_write(cells: list[tuple[str, Any]], path: Path) -> None:
    """Write cells with nothing but the writer: no formats, widths, marks."""
    from rustpy_xlsxwriter import write_worksheets

    write_worksheets(cells, str(path))


def cells_of(path: Path) -> Iterator[tuple[str, pl.DataFrame]]:
    """All sheets of a result workbook."""
    import fastexcel

    book = fastexcel.read_excel(path)
    for name in book.sheet_names:
        yield name, book.load_sheet(name, schema_sample_rows=None).to_polars()


def reading(folder: Path, runs: str) -> Found:
    """`read_tables` and bare fastexcel in turn."""
    from anqing_subsidy import load_policy, read_tables

    policy = load_policy()
    path = folder / INPUT
    return pairs(lambda: read_tables([path], policy), lambda: bare_read(path), int(runs))


def writing(folder: Path, runs: str) -> Found:
    """`write_workbook` and the bare writer in turn, the same cells."""
    from anqing_subsidy import assess
    from anqing_subsidy.report.detail import detail_frame
    from anqing_subsidy.report.workbook import write_workbook

    result = assess(*typed(folder))
    detail = detail_frame(result, "zh")
    ours, bare = folder / "ours.xlsx", folder / "bare.xlsx"
    write_workbook(result, detail, ours, "zh", version="0")
    cells = list(cells_of(ours))
    found = pairs(
        lambda: write_workbook(result, detail, ours, "zh", version="0"), lambda: bare_write(cells, bare), int(runs)
    )
    return {**found, "cells": sum(frame.height * frame.width for _, frame in cells)}


def written(folder: Path) -> Found:
    """What the program wrote: its sums; the cells are kept for the floor."""
    names = []
    for number, (name, frame) in enumerate(cells_of(folder / OUTPUT)):
        frame.write_parquet(folder / f"sheet{number}.parquet")
        names.append(name)
    (folder / "sheets.json").write_text(json.dumps(names), encoding="utf-8")
    return sums_of_workbook(folder / OUTPUT)


def written_json(folder: Path) -> Found:
    """The amounts of the JSON result in fen, which are texts of yuan with two decimals."""
    people = json.loads((folder / "result.json").read_text(encoding="utf-8"))["applicants"]
    lines = [line["amount"] for person in people for line in person["lines"]]
    return {"applicants": _fen(person["total"] for person in people), "lines": _fen(lines)}


def _fen(amounts: Iterable[str]) -> int:
    return sum(int(yuan.replace(".", "")) for yuan in amounts)


def sums_of_workbook(path: Path) -> Found:
    """The amounts of a result workbook, in fen: over the applicants, over the lines, and the total it gives."""
    import polars as pl

    found = {"summary": 0, "lines_sum": 0, "given": 0}
    fen = (pl.col("合计金额(元)") * 100).round().cast(pl.Int64)
    for name, frame in cells_of(path):
        if name.startswith("汇总"):
            is_total = frame["统一社会信用代码"] == "合计"
            found["summary"] += int(frame.filter(~is_total).select(fen.sum()).item())
            found["given"] += int(frame.filter(is_total).select(fen.sum()).item())
        elif name.startswith("明细"):
            found["lines_sum"] += int(frame.select((pl.col("金额(元)") * 100).round().cast(pl.Int64).sum()).item())
    return found


def floor(folder: Path) -> Found:
    """The least that a whole run has to do: read the input, write the cells of the result; loading them is not counted."""
    import polars as pl

    start = time.perf_counter()
    names = json.loads((folder / "sheets.json").read_text(encoding="utf-8"))
    cells = [(name, pl.read_parquet(folder / f"sheet{number}.parquet")) for number, name in enumerate(names)]
    loading = time.perf_counter() - start
    bare_read(folder / INPUT)
    bare_write(cells, folder / "floor.xlsx")
    return {"loading": loading}


TASKS: Final[dict[str, Callable[..., Found]]] = {
    task.__name__: task for task in (make, stages, assessing, reading, writing, written, written_json, floor)
}

if __name__ == "__main__":
    print(json.dumps(TASKS[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:])))
