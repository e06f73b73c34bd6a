"""Every figure of the benchmarks: `python benchmarks/run.py [--sizes 1000,10000,100000] [--runs 3] [--full]`.

Prints tables; ends with 1 where two ways to the same sum disagree. Each measurement has a process of its own, and
this one imports nothing large: a process that is started counts the memory of the one that starts it as its own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final

HERE: Final = Path(__file__).resolve().parent
SIMPLE: Final = HERE.parent / "examples" / "simple.xlsx"
PROGRAM: Final = Path(sysconfig.get_path("scripts")) / "anqing-subsidy"
SETTING: Final = {**os.environ, "LANG": "zh_CN.UTF-8", "LC_ALL": "zh_CN.UTF-8"}
STARTS: Final = 11
"""Pairs of short runs: there the noise is large and the time small."""
JSON_UP_TO: Final = 10_000
BARE_TYPER: Final = '''import typer

app = typer.Typer()


@app.command()
def run(name: str, count: int = 1, quiet: bool = False) -> None:
    """Do the one thing that there is."""


app()
'''


@dataclass(frozen=True)
class Ended:
    """A process that has ended."""

    seconds: float
    peak: float
    out: str


class FailedError(Exception):
    """A process that should have ended well did not."""


def start(command: Sequence[str | Path], fine: Sequence[int] = (0,)) -> Ended:
    """Run a process; its time by the wall, its peak of memory in MB.

    Raises:
        FailedError: it ended with a status that is not fine.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begin = time.perf_counter()
        process = subprocess.Popen(list(map(str, command)), stdout=out, stderr=err, env=SETTING)
        _, status, usage = os.wait4(process.pid, 0)
        took = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode not in fine:
            raise FailedError(f"{' '.join(map(str, command))}: {process.returncode}\n{err.read().decode()[-2000:]}")
        return Ended(took, usage.ru_maxrss / 1024, out.read().decode())


def task(name: str, folder: Path, *words: object) -> dict[str, Any]:
    """A task of `tasks.py`: what it found."""
    found: dict[str, Any] = json.loads(_task(name, folder, *words).out)
    return found


def _task(name: str, folder: Path, *words: object) -> Ended:
    return start([sys.executable, HERE / "tasks.py", name, folder, *map(str, words)])


def in_turn(ours: Callable[[], Ended], other: Callable[[], Ended], runs: int) -> list[tuple[Ended, Ended]]:
    """Both in turn, the first of a pair being the second of the next one; a first pair is not counted."""
    found: list[tuple[Ended, Ended]] = []
    for number in range(runs + 1):
        if number % 2:
            second = other()
            found.append((ours(), second))
        else:
            found.append((ours(), other()))
    return found[1:]


@dataclass
class Checks:
    """Sums that must be equal, however they were come by."""

    counted: int = 0
    wrong: list[str] = field(default_factory=list)

    def equal(self, what: str, one: object, other: object) -> None:
        """Note whether two sums agree."""
        self.counted += 1
        if one != other:
            self.wrong.append(f"{what}: {one} and {other}")


@dataclass(frozen=True)
class Row:
    """A line of the table of ratios: seconds of ours, of the other, the median of the ratios of the pairs."""

    what: str
    ours: float
    other: float
    ratio: float
    peaks: tuple[float, float] | None = None

    def __str__(self) -> str:
        peaks = "" if self.peaks is None else f"{self.peaks[0]:,.0f} / {self.peaks[1]:,.0f}"
        return f"| {self.what} | {self.ours:.2f} | {self.other:.2f} | {self.ratio:.2f} | {peaks} |"


def row_of(what: str, found: Sequence[tuple[float, float]], peaks: tuple[float, float] | None = None) -> Row:
    """The medians of pairs."""
    ours, other = (median(column) for column in zip(*found, strict=True))
    return Row(what, ours, other, median(one / two for one, two in found), peaks)


# ---- one size --------------------------------------------------------------------------------------------------------
def measure(count: int, runs: int, fill: str, folder: Path, checks: Checks) -> tuple[list[str], list[Row]]:
    """All figures of a number of applicants."""
    progress(f"{count:,} applicants: the input")
    made = task("make", folder, count, fill)
    progress(f"{count:,} applicants: stages")
    stages = [task("stages", folder) for _ in range(runs)]
    alone = [task("assessing", folder) for _ in range(runs)]
    total = alone[0]["total"]
    for found in (*stages, *alone):
        checks.equal(f"{count}: assess, file and frames", found["total"], total)
        checks.equal(f"{count}: by clause, file and frames", found["by_clause"], alone[0]["by_clause"])
        for clause, by_hand in made["by_hand"].items():
            checks.equal(f"{count}: {clause} by hand", found["by_clause"].get(clause, 0), by_hand)
    for found in stages:
        check_workbook(f"{count}: workbook", found, total, checks)
    names = list(stages[0]["seconds"])
    spent = [median(found["seconds"][name] for found in stages) for name in names]
    peaks = [median(found["peak"][name] for found in stages) for name in names]
    assess, peak = (median(found[what]["assess"] for found in alone) for what in ("seconds", "peak"))
    table = [
        f"| {count:,} | {stages[0]['lines']:,} | " + " | ".join(f"{value:.2f}" for value in (*spent, sum(spent), assess)) + " |",
        "| peak MB | | " + " | ".join(f"{value:,.0f}" for value in (*peaks, max(peaks), peak)) + " |",
    ]  # fmt: skip
    return table, [*ratios(count, runs, folder, total, checks)]


def ratios(count: int, runs: int, folder: Path, total: int, checks: Checks) -> list[Row]:
    """Reading, writing and the whole run beside what the bare libraries take."""
    progress(f"{count:,} applicants: reading and writing, ours and bare")
    reading = task("reading", folder, runs)["pairs"]
    writing = task("writing", folder, runs)["pairs"]
    progress(f"{count:,} applicants: whole runs and the floor")
    source, target = folder / "applicants.xlsx", folder / "result.xlsx"
    start([PROGRAM, "run", source, "-o", target, "-q"])
    check_workbook(f"{count}: workbook of the program", task("written", folder), total, checks)
    if count <= JSON_UP_TO:
        start([PROGRAM, "run", source, "-o", folder / "result.json", "-q"])
        found = task("written_json", folder)
        for which in ("applicants", "lines"):
            checks.equal(f"{count}: JSON of the program, {which}", found[which], total)
    whole = in_turn(
        lambda: start([PROGRAM, "run", source, "-o", target, "-q"]),
        lambda: without_loading(_task("floor", folder)),
        runs,
    )
    peaks = median(ours.peak for ours, _ in whole), median(floor.peak for _, floor in whole)
    return [
        row_of(f"{count:,}: reading / fastexcel", reading),
        row_of(f"{count:,}: writing / the bare writer", writing),
        row_of(f"{count:,}: whole run / floor", [(ours.seconds, floor.seconds) for ours, floor in whole], peaks),
    ]


def without_loading(ended: Ended) -> Ended:
    """The floor without the time in which it got the cells to write."""
    return Ended(ended.seconds - float(json.loads(ended.out)["loading"]), ended.peak, ended.out)


def check_workbook(what: str, found: dict[str, Any], total: int, checks: Checks) -> None:
    """The three sums of a result workbook."""
    for which in ("summary", "lines_sum", "given"):
        checks.equal(f"{what}, {which}", found[which], total)


# ---- the start of the program ----------------------------------------------------------------------------------------
def starting(folder: Path) -> list[Row]:
    """How long one waits for `--help`, and for a small workbook."""
    progress("the start of the program")
    bare = folder / "bare.py"
    bare.write_text(BARE_TYPER, encoding="utf-8")
    helped = in_turn(lambda: start([PROGRAM, "--help"]), lambda: start([sys.executable, bare, "--help"]), STARTS)
    simple = in_turn(
        lambda: start([PROGRAM, "run", SIMPLE], fine=(0, 1)),  # 1: the example has faults
        lambda: start([sys.executable, "-c", "import polars, fastexcel"]),
        STARTS,
    )
    rows = []
    for what, found in (("`--help` / a bare typer program's", helped), ("`run examples/simple.xlsx` / importing polars and fastexcel", simple)):  # fmt: skip
        peaks = median(ours.peak for ours, _ in found), median(other.peak for _, other in found)
        rows.append(row_of(what, [(ours.seconds, other.seconds) for ours, other in found], peaks))
    return rows


def progress(what: str) -> None:
    """Say what is being measured."""
    print(f"... {what}", file=sys.stderr, flush=True)


def main() -> int:
    """Measure, print, and say whether all sums agree."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", default="1000,10000,100000", help="numbers of applicants")
    parser.add_argument("--runs", type=int, default=3, help="measurements of each figure, of which the median is given")
    parser.add_argument("--full", action="store_true", help="no blank cell: each applicant asks for all it can")
    given = parser.parse_args()
    checks = Checks()
    tables: list[str] = []
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="anqing-benchmark-") as name:
        rows += starting(Path(name))
        for count in map(int, given.sizes.split(",")):
            folder = Path(name, str(count))
            folder.mkdir()
            table, ratios = measure(count, given.runs, "full" if given.full else "plausible", folder, checks)
            tables += table
            rows += ratios
    print("| applicants | lines | import | policy | read | assess | describe | write | together | assess of frames |")
    print("|---" * 10 + "|")
    print("\n".join(tables))
    print("\n| ours / the other | s | s | ratio | peak MB |")
    print("|---" * 5 + "|")
    print("\n".join(map(str, rows)))
    for line in checks.wrong:
        print(f"DIFFERS  {line}", file=sys.stderr)
    print(f"\n{checks.counted - len(checks.wrong)} of {checks.counted} sums agree")
    return 1 if checks.wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except FailedError as fault:
        sys.exit(f"FAILED  {fault}")
