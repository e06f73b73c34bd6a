"""`python -m tests.language.reference --seeds 20000`: compares engine and reference, shows the first disagreement."""

from __future__ import annotations

import argparse
import sys
import traceback
from collections import Counter

from anqing_subsidy.finding import PolicyError
from tests.language.reference.compare import Drawn, differences, drawn, smallest, told


def _disagree(one: Drawn) -> bool:
    found = differences(one)
    return bool(found) and not found[0].startswith("engine raises")


def _raises(one: Drawn) -> bool:
    return any(line.startswith("engine raises") for line in differences(one))


def main() -> int:
    """Compare as many seeds as are asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.language.reference", description=__doc__)
    parser.add_argument("--seeds", type=int, default=2000, help="how many policies")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--keep-going", type=int, default=1, help="after how many disagreements to stop")
    asked = parser.parse_args()
    counts: Counter[str] = Counter()
    for seed in range(asked.first, asked.first + asked.seeds):
        one = drawn(seed)
        try:
            found = differences(one)
        except PolicyError:
            counts["refused"] += 1
            continue
        except Exception:  # whatever goes wrong is shown with its policy
            found = [traceback.format_exc()]
            least = one
        else:
            counts["agree" if not found else "differ"] += 1
            if not found:
                continue
            least = smallest(one, _raises if found[0].startswith("engine raises") else _disagree)
            found = differences(least)
        counts["shown"] += 1
        print(f"==== seed {seed}\n{told(least)}\n" + "\n".join(found), flush=True)
        if counts["shown"] >= asked.keep_going:
            break
    print(dict(counts))
    return min(1, counts["shown"])


if __name__ == "__main__":
    sys.exit(main())
