"""What several commands do with their words: refuse what cannot be meant, read, assess, say how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from anqing_subsidy.finding import Lang, Text, UsageError

if TYPE_CHECKING:
    from anqing_subsidy.engine import Assessment


def language(lang: str) -> Lang:
    """The language asked for.

    Raises:
        UsageError: it is not spoken.
    """
    if lang not in ("zh", "en"):
        raise UsageError(Text(f"--lang 只有 zh 和 en，没有 {lang}", f"--lang is zh or en, not {lang}"))
    return "en" if lang == "en" else "zh"


def check_format(form: str, formats: Sequence[str]) -> None:
    """Refuse a format that a command does not print."""
    if form not in formats:
        raise UsageError(
            Text(
                f"--format 没有 {form}，可用: {', '.join(formats)}",
                f"--format has no {form}; use one of {', '.join(formats)}",
            )
        )


def policy_files(given: Sequence[Path] | None) -> list[Path]:
    """The policies that are meant; a file of cases stands for the policy that it lies beside, as in `*.yaml`."""
    ending = ".cases.yaml"
    meant = [
        file.with_name(file.name.removesuffix(ending) + ".yaml") if file.name.endswith(ending) else file
        for file in given or ()
    ]
    return list(dict.fromkeys(meant))


def settings_of(given: Sequence[str] | None) -> dict[str, str]:
    """`reading=value` words as a mapping."""
    found: dict[str, str] = {}
    for entry in given or []:
        name, equals, value = entry.partition("=")
        if not equals:
            raise UsageError(Text(f"--set {entry}: 应写成 口径=选项", f"--set {entry}: write it as reading=value"))
        if found.get(name.strip(), value.strip()) != value.strip():
            raise UsageError(
                Text(f"--set {name.strip()} 给出两个不同的选项", f"--set gives {name.strip()} two different options")
            )
        found[name.strip()] = value.strip()
    return found


def status_of(assessment: Assessment, *, strict: bool) -> int:
    """1 where something is wrong with the data (or with `strict` missing), else 0."""
    lines = assessment.lines
    wrong = any(found.severity == "error" for found in assessment.findings)
    statuses = set(lines["status"].unique())
    held = "held" in statuses and bool(((lines["status"] == "held") & (lines["reason"] == "DUPLICATE_CLAIM")).any())
    return int(wrong or held or "invalid" in statuses or (strict and "pending" in statuses))
