"""What explaining and comparing cost: `python benchmarks/compare.py [--sizes 10000,100000] [--runs 3]`.

Ratios, ours and the other in turn: `explain` of one applicant beside reading the same workbook; `compare --set` beside
`run`; `compare --readings` beside `run`, with its seconds. Ends with 1 where two ways to the same sum disagree.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from run import PROGRAM, Checks, Ended, FailedError, Row, in_turn, progress, row_of, start, task

if TYPE_CHECKING:
    from collections.abc import Callable

READ: Final = """
import sys
from anqing_subsidy import load_policy, read_tables
from anqing_subsidy.intake import prepare
prepare([sys.argv[1]])
print(read_tables([sys.argv[1]], load_policy()).frames["applicants"]["uscc"][321])
"""
READING: Final = ("c3_base", "excess")
FINE: Final = (0, 1)
"""1: the made-up applicants have faults."""


def command(*words: object) -> Ended:
    """The program with some words."""
    return start([PROGRAM, *map(str, words)], FINE)


def measure(count: int, runs: int, folder: Path, checks: Checks) -> list[Row]:
    """All ratios of a number of applicants."""
    progress(f"{count:,} applicants: the input")
    task("make", folder, count, "plausible")
    book = folder / "applicants.xlsx"
    setting = "=".join(READING)
    code = start([sys.executable, "-c", READ, book]).out.strip()
    whole: dict[str, Any] = json.loads(command("compare", book, "--set", setting, "--format", "json", "-q").out)
    readings: dict[str, Any] = json.loads(command("compare", book, "--readings", "--format", "json", "-q").out)
    before, after = (_total(command("run", book, "--lang", "en", *words).out) for words in ((), ("--set", setting)))
    checks.equal(f"{count}: compare, before, and a run", whole["totals"]["before"], before)
    checks.equal(f"{count}: compare, after, and a run", whole["totals"]["after"], after)
    checks.equal(f"{count}: the readings in force and a run", readings["total"], before)
    turned = {(one["reading"], one["option"]): one["total"] for one in readings["readings"]}
    checks.equal(f"{count}: {setting} among the readings and a run", turned[READING], after)
    mine = json.loads(command("explain", book, "--applicant", code, "--format", "json").out)
    listed = json.loads(command("run", book, "--applicant", code, "--format", "json").out)
    checks.equal(f"{count}: explain and a run", mine["applicant"]["total"], listed["applicants"][0]["total"])
    pairs: tuple[tuple[str, Callable[[], Ended], Callable[[], Ended]], ...] = (
        (
            "explain / reading",
            lambda: command("explain", book, "--applicant", code),
            lambda: start([sys.executable, "-c", READ, book]),
        ),
        (
            "compare --set / run",
            lambda: command("compare", book, "--set", setting),
            lambda: command("run", book),
        ),
        (
            f"compare --readings ({len(turned)} options) / run",
            lambda: command("compare", book, "--readings"),
            lambda: command("run", book),
        ),
    )
    rows = []
    for what, ours, other in pairs:
        progress(f"{count:,} applicants: {what}")
        rows.append(
            row_of(f"{count:,}: {what}", [(one.seconds, two.seconds) for one, two in in_turn(ours, other, runs)])
        )
    return rows


def _total(printed: str) -> str:
    """The sum that a run prints."""
    line = next(line for line in printed.splitlines() if line.startswith("amount (yuan)"))
    return line.split()[-1].replace(",", "")


def main() -> int:
    """Measure, print, and say whether all sums agree."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", default="10000,100000", help="numbers of applicants")
    parser.add_argument("--runs", type=int, default=3, help="measurements of each figure, of which the median is given")
    given = parser.parse_args()
    checks = Checks()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="anqing-benchmark-") as name:
        for count in map(int, given.sizes.split(",")):
            folder = Path(name, str(count))
            folder.mkdir()
            rows += measure(count, given.runs, folder, checks)
    print("| ours / the other | s | s | ratio | |")
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
