"""Lines with what was decided on them: marks, words, amounts, and lines that only a decision made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from anqing_subsidy.engine.facts import FactStore
from anqing_subsidy.engine.reasons import RANK

Key = tuple[str, str, str | None]
"""Code, clause and object of a line."""

Amount = tuple[str, str, str | None, int]
"""Code, clause and object of a line, and the fen decided."""

KEY: Final = ("code", "clause", "object")


def keyed(keys: list[Key]) -> pl.DataFrame:
    """Lines by their keys, to be joined."""
    return pl.DataFrame(keys, schema=dict.fromkeys(KEY, pl.String), orient="row")


def undecided(lines: pl.DataFrame) -> pl.DataFrame:
    """Lines of a run without decisions."""
    return torn(with_notes(fixed(lines, []), {}), [])


def computed(lines: pl.DataFrame, plain: pl.DataFrame) -> pl.DataFrame:
    """What a released line came to before."""
    if not lines["released"].any():
        return lines
    before = plain.select(*KEY, before="amount").unique(subset=KEY, keep="first", maintain_order=True)
    lines = lines.join(before, on=KEY, how="left", nulls_equal=True, maintain_order="left")
    return lines.with_columns(computed=pl.when("released").then(pl.col("before")).otherwise(pl.col("computed"))).drop(
        "before"
    )


def fixed(lines: pl.DataFrame, changes: list[Amount]) -> pl.DataFrame:
    """Lines whose amount was decided: they are what they are, outside every group."""
    if not changes:
        return lines.with_columns(fixed=pl.lit(value=False))
    schema = dict.fromkeys(KEY, pl.String) | {"set_to": pl.Int64}
    update = pl.DataFrame(changes, schema=schema, orient="row")
    lines = lines.join(update, on=KEY, how="left", nulls_equal=True, maintain_order="left")
    is_set, amount = pl.col("set_to").is_not_null(), pl.col("set_to")
    return lines.with_columns(
        fixed=is_set,
        status=pl.when(is_set & (amount > 0)).then(pl.lit("eligible")).when(is_set).then(pl.lit("ineligible")).otherwise(pl.col("status")),
        amount=pl.when(is_set).then(amount).otherwise(pl.col("amount")),
        hi=pl.when(is_set).then(amount).otherwise(pl.col("hi")),
        potential=pl.when(is_set).then(None).otherwise(pl.col("potential")),
    ).drop("set_to")  # fmt: skip


def torn(lines: pl.DataFrame, held: list[Amount]) -> pl.DataFrame:
    """Lines on which decisions contradict each other: held, for what they or one of the decisions come to."""
    if not held:
        return lines.with_columns(torn=pl.lit(value=False))
    schema = dict.fromkeys(KEY, pl.String) | {"most": pl.Int64}
    lines = lines.join(
        pl.DataFrame(held, schema=schema, orient="row"), on=KEY, how="left", nulls_equal=True, maintain_order="left"
    )
    is_torn = pl.col("most").is_not_null()
    hi = pl.when(pl.col("hi").is_not_null()).then(pl.max_horizontal("hi", "most"))
    return lines.with_columns(
        torn=is_torn,
        status=pl.when(is_torn).then(pl.lit("held")).otherwise(pl.col("status")),
        reason=pl.when(is_torn).then(pl.lit(RANK["DUPLICATE_CLAIM"])).otherwise(pl.col("reason")).cast(pl.Int64),
        amount=pl.when(is_torn).then(0).otherwise(pl.col("amount")),
        hi=pl.when(is_torn).then(hi).otherwise(pl.col("hi")),
        potential=pl.when(is_torn).then(hi).otherwise(pl.col("potential")),
    ).drop("most")


def with_notes(lines: pl.DataFrame, notes: Mapping[Key, str]) -> pl.DataFrame:
    """The flag and the words of a decision; it is the reason of a line that is settled by it."""
    if not notes:
        return lines.with_columns(decided=pl.lit(value=False), note=pl.lit(None, dtype=pl.String))
    words = keyed(list(notes)).with_columns(note=pl.Series(list(notes.values()), dtype=pl.String))
    lines = lines.join(words, on=KEY, how="left", nulls_equal=True, maintain_order="left")
    settled = pl.col("fixed") | pl.col("beaten") | (pl.col("released") & (pl.col("status") == "eligible"))
    return lines.with_columns(
        decided=pl.col("note").is_not_null(),
        reason=pl.when(settled).then(pl.lit(RANK["DECIDED"])).otherwise(pl.col("reason")).cast(pl.Int64),
    )


def with_extra(lines: pl.DataFrame, extra: list[Amount], store: FactStore, notes: Mapping[Key, str]) -> pl.DataFrame:
    """Lines that only a decision made come last."""
    if not extra:
        return lines
    numbers = dict.fromkeys(("gross", "base", "less", "received", "units_off", "computed"), 0)
    marks = {
        "moved": False,
        "declared": False,
        "at_threshold": False,
        "topped": False,
        "decided": True,
        "fixed": True,
        "torn": False,
    }
    owners: dict[str, int] = {}
    for at, code in enumerate(store.owners(store.policy.main)):
        owners.setdefault(code, at)
    rows = [
        {
            **numbers, **marks, "applicant": owners[code], "code": code, "clause": clause, "object": thing, "amount": amount, "hi": amount,
            "status": "eligible" if amount else "ineligible", "note": notes[code, clause, thing], "reason": RANK["DECIDED"],
        }
        for code, clause, thing, amount in extra
    ]  # fmt: skip
    lines = lines.with_columns(pl.col("reason").cast(pl.Int64))
    schema = {name: kind for name, kind in lines.schema.items() if name in rows[0]}
    return pl.concat([lines, pl.DataFrame(rows, schema=schema)], how="diagonal")
