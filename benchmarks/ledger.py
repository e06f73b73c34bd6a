"""The ledger at 100,000 payments: `python benchmarks/ledger.py [--applicants 100000] [--runs 3]`.

Prints a table; ends with 1 where two ways to the same sum disagree. What is measured, each in a process of its own,
with the program's start: `record` of a JSON result and of a workbook, `verify`, `list`, `run` of the year after with the
ledger beside the same run with the sheets that say the same (written by `export`), in turn.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Final

HERE: Final = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from run import PROGRAM, Ended, start  # noqa: E402  # the folder of this file comes first

_YEAR: Final = "\nyear: 2018\n"


def claims(folder: Path, applicants: int) -> None:
    """The workbook of a year, and the policies of that year and of the next, in a process that may be large."""
    code = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]); import data;"
        "from anqing_subsidy import load_policy;"
        "policy = load_policy(); made = data.frames(int(sys.argv[3]));"
        "data.write_workbook({policy.main: made[policy.main]}, Path(sys.argv[2]), policy)"
    )
    start([sys.executable, "-c", code, HERE, folder / "claims.xlsx", str(applicants)])
    text = (HERE.parent / "policy.yaml").read_text(encoding="utf-8")
    if _YEAR not in text:
        raise SystemExit("policy.yaml no longer says its year as expected")
    (folder / "later.yaml").write_text(text.replace(_YEAR, "\nyear: 2019\n"), encoding="utf-8")


def total(path: Path) -> str:
    """The sum of a JSON result."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith('"totals":'):
                found: dict[str, str] = json.loads(line.removeprefix('"totals":').rstrip().rstrip(","))
                return found["amount"]
    raise SystemExit(f"{path} has no totals")


def timed(runs: int, work: Callable[[], Ended], again: Callable[[], None] = lambda: None) -> tuple[float, float]:
    """The median of the seconds and the largest peak of some runs; `again` makes ready for each."""
    found = []
    for _ in range(runs):
        again()
        found.append(work())
    return median(one.seconds for one in found), max(one.peak for one in found)


def measure(folder: Path, applicants: int, runs: int) -> bool:
    """Measure and print; whether all sums agree."""
    claims(folder, applicants)
    book, empty = folder / "a.ledger", folder / "empty.ledger"
    claim, later = str(folder / "claims.xlsx"), ("--policy", str(folder / "later.yaml"), "-q")
    start([PROGRAM, "ledger", "init", empty])
    for name in ("result.json", "result.xlsx"):
        start([PROGRAM, "run", claim, "-q", "-o", folder / name], fine=(0, 1))
    rows: list[tuple[str, float, float]] = []
    for name in ("result.xlsx", "result.json"):

        def record(name: str = name) -> Ended:
            return start([PROGRAM, "ledger", "record", folder / name, "--ledger", book, "--by", "benchmark"])

        rows.append((f"record {name}", *timed(runs, record, lambda: Path(shutil.copy(empty, book)).touch())))
    listed = json.loads(start([PROGRAM, "ledger", "list", "--ledger", book, "--format", "json"]).out)
    rows.append(("verify", *timed(runs, lambda: start([PROGRAM, "ledger", "verify", "--ledger", book, "-q"]))))
    rows.append(
        (
            "list -o .csv",
            *timed(runs, lambda: start([PROGRAM, "ledger", "list", "--ledger", book, "-q", "-o", folder / "l.csv"])),
        )
    )
    past = folder / "past.xlsx"
    rows.append(("export .xlsx", *timed(1, lambda: start([PROGRAM, "ledger", "export", past, "--ledger", book, "-q"]))))
    ledger, sheets = folder / "ledger.json", folder / "sheets.json"
    pairs = []
    for at in range(runs + 1):
        ways: dict[str, list[str | Path]] = {
            "ledger": [PROGRAM, "run", claim, "--ledger", book, *later],
            "sheets": [PROGRAM, "run", claim, past, *later],
        }
        order = ("ledger", "sheets") if at % 2 else ("sheets", "ledger")
        found = {name: start(ways[name], fine=(0, 1)) for name in order}
        if at:  # a first pair is not counted
            pairs.append((found["ledger"], found["sheets"]))
    ratio = median(one.seconds / other.seconds for one, other in pairs)
    start([PROGRAM, "run", claim, "--ledger", book, *later, "-o", ledger], fine=(0, 1))
    start([PROGRAM, "run", claim, past, *later, "-o", sheets], fine=(0, 1))
    print(f"\n{applicants:,} applicants, {len(listed):,} payments, {book.stat().st_size / 2**20:.0f} MB\n")
    print("| | s | peak MB |\n|---|---|---|")
    for name, seconds, peak in rows:
        print(f"| {name} | {seconds:.2f} | {peak:.0f} |")
    one, other = (median(pair[at].seconds for pair in pairs) for at in (0, 1))
    print(f"| the next year's run with the ledger | {one:.2f} | {max(pair[0].peak for pair in pairs):.0f} |")
    print(f"| the same with sheets | {other:.2f} | {max(pair[1].peak for pair in pairs):.0f} |")
    print(f"\nratio ledger / sheets {ratio:.2f}")
    recorded = sum(int(row["amount"].replace(".", "")) for row in listed)
    checks = {
        "recorded what the result pays": recorded == int(total(folder / "result.json").replace(".", "")),
        "the next year comes to the same": total(ledger) == total(sheets),
    }
    for what, agrees in checks.items():
        print(f"{what}: {'yes' if agrees else 'NO'}")
    return all(checks.values())


def main() -> int:
    """Measure in a temporary folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--applicants", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        return 0 if measure(Path(folder), given.applicants, given.runs) else 1


if __name__ == "__main__":
    sys.exit(main())
