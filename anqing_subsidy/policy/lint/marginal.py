"""Parts of one figure that are paid for and added up: what lies between two parts, and what two of them take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.clauses import Pay, Rate, Shape, SumOf
from anqing_subsidy.policy.figures import written
from anqing_subsidy.policy.lint.region import Region, key_of
from anqing_subsidy.policy.lint.remark import Remark
from anqing_subsidy.policy.terms import Ref


def check_marginal(shape: SumOf, line: Callable[[int], int], region: Region) -> Iterator[Remark]:
    """Rows that pay for parts of one figure under the same conditions, from the lowest part on."""
    policy = region.policy
    parts: dict[tuple[Ref, object], list[tuple[int, Rate | Pay]]] = {}
    for at, row in enumerate(shape.rows):
        part = row.award.shape
        ref = _figure(part)
        if ref is not None and isinstance(part, Rate | Pay):
            asked = frozenset(key_of(condition) for condition in row.when)
            parts.setdefault((region.canonical(ref), asked), []).append((at, part))
    for (ref, _), found in parts.items():
        found.sort(key=lambda part: part[1].only_above)
        label, kind = policy.label(ref), policy.type_of(ref)
        unit = policy.measured_in(ref) if kind == "area" else None
        for (first, below), (second, above) in pairwise(found):
            if below.up_to is None or below.up_to == above.only_above:
                continue
            end, start = (written(level, kind, unit) for level in (below.up_to, above.only_above))
            if below.up_to < above.only_above:
                yield Remark(
                    line(second),
                    "warning",
                    "BAND_GAP",
                    Text(
                        f"{label.zh}从{end.zh}到{start.zh}的部分，第 {first + 1} 行和第 {second + 1} 行都不计",
                        f"neither row {first + 1} nor row {second + 1} counts the part of {label.en} from {end.en} to {start.en}",
                    ),
                    Text("核对 up_to 与下一段的 only_above", "compare `up_to` with `only_above` of the next part"),
                )
            else:
                yield Remark(
                    line(second),
                    "warning",
                    "BAND_OVERLAP",
                    Text(
                        f"{label.zh}从{start.zh}到{end.zh}的部分，第 {first + 1} 行和第 {second + 1} 行都计",
                        f"rows {first + 1} and {second + 1} both count the part of {label.en} from {start.en} to {end.en}",
                    ),
                    Text("核对 up_to 与下一段的 only_above", "compare `up_to` with `only_above` of the next part"),
                )


def _figure(shape: Shape) -> Ref | None:
    """The figure of which a row pays for a part."""
    if isinstance(shape, Rate):
        return shape.of
    return shape.per[0] if isinstance(shape, Pay) and len(shape.per) == 1 else None
