"""Writing results: beside the target, then renamed into place, so that an output appears whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from anqing_subsidy.finding import OutputError, Text, UsageError, reason_of

SUFFIXES = (".xlsx", ".json", ".jsonl", ".csv", ".parquet")


def check_target(target: Path, inputs: Sequence[str], suffixes: Sequence[str] = SUFFIXES) -> None:
    """Refuse an output that is one of the inputs, lies in no folder, or has a suffix that says nothing."""
    if target.suffix.lower() not in suffixes:
        listing = " ".join(suffixes)
        raise UsageError(
            Text(
                f"不认识的结果格式 {target.suffix or target.name}，可用: {listing}",
                f"unknown kind of result {target.suffix or target.name}; use {listing}",
            )
        )
    for name in inputs:
        source = Path(name)
        if name != "-" and target.exists() and source.exists() and target.samefile(source):
            raise UsageError(
                Text(
                    f"{target} 也是输入文件，换一个结果文件名",
                    f"{target} is one of the inputs; choose another name for the result",
                )
            )
        # the next run would read the result as an application
        if source.is_dir() and target.parent.is_dir() and source.samefile(target.parent):
            raise UsageError(
                Text(
                    f"{target} 在输入文件夹 {source} 里，请写到另一个文件夹",
                    f"{target} lies in the folder of inputs {source}; write it to another folder",
                )
            )
    if not target.parent.is_dir():
        raise OutputError(
            Text(f"没有文件夹 {target.parent}，先建立它", f"there is no folder {target.parent}; make it first")
        )


def write_whole(target: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a file beside the target, then rename it into place; a fault leaves nothing behind."""
    beside: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=target.suffix, dir=target.parent)
        os.close(handle)
        beside = Path(name)
        write(beside)
        beside.chmod(0o666 & ~_umask())
        beside.replace(target)
    except OSError as fault:
        reason = reason_of(fault)
        raise OutputError(Text(f"写不出 {target}: {reason.zh}", f"cannot write {target}: {reason.en}")) from fault
    finally:
        if beside is not None:
            beside.unlink(missing_ok=True)


@contextmanager
def printing() -> Iterator[None]:
    """Print to standard output.

    Raises:
        OutputError: it takes no more, because a disk is full, say; a reader that has gone is no fault.
    """
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as fault:
        reason = reason_of(fault)
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # the interpreter flushes it at its end
        raise OutputError(
            Text(f"标准输出写不下：{reason.zh}", f"cannot write to standard output: {reason.en}")
        ) from fault


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
