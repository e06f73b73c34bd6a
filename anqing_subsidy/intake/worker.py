"""The reader process: takes workbooks on its standard input, gives their sheets back, and dies alone where one kills it.

Both ways go pickled values: `Request` in; `("read", sheets, findings)`, `("refused", Text)` or `("memory", bytes)` out.
Nothing else reaches the output: whatever a library prints goes nowhere. The process ends with the one that started it.
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import pickle
import queue
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

from anqing_subsidy.finding import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE: Final = 60.0
"""Seconds without a request after which the process ends; a later one starts another."""
GRACE: Final = 5.0
"""The starter counts the time; should it be gone, the process ends itself so much later."""
PER_BYTE: Final = 10
"""Bytes of memory for each byte that a file holds when unpacked."""

Answer = tuple[Any, ...]


class Request(NamedTuple):
    """A workbook to read: its name in places, its bytes, passwords to try, seconds, and bytes of memory beside its own.

    `plain` asks for the bare cells of an older format instead of sheets.
    """

    file: str
    data: bytes
    passwords: tuple[str, ...]
    seconds: float
    memory: int
    plain: bool = False


def main() -> None:
    """Read what is asked for until the input ends."""
    serve(_read, _prepare)


def _prepare() -> None:
    import anqing_subsidy.intake.books
    import anqing_subsidy.intake.workbook  # noqa: F401  # both are needed for nearly every workbook


def _read(request: Request) -> Answer:
    from anqing_subsidy.intake.books import plain_book, read_book, unpacked

    with limited(request.memory + PER_BYTE * unpacked(request.data)):
        try:
            if request.plain:
                return ("read", plain_book(request.file, request.data), [])
            return ("read", *read_book(request.file, request.data, request.passwords))
        except InputError as fault:
            return ("refused", fault.message)


def serve(read: Callable[[Request], Answer], prepare: Callable[[], None]) -> None:
    """Answer requests; a request that runs out of memory is the last one, because nobody knows what it left behind."""
    asked, answers = _streams()
    with contextlib.suppress(ValueError):  # no signals outside of a main thread
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests: queue.SimpleQueue[Request] = queue.SimpleQueue()
    threading.Thread(target=_take, args=(asked, requests), daemon=True).start()
    prepare()
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123  # a descriptor for the watch dog
        while True:
            try:
                request = requests.get(timeout=PATIENCE)
            except queue.Empty:
                break
            faulthandler.dump_traceback_later(request.seconds + GRACE, exit=True, file=nowhere)
            try:
                answer = read(request)
            except MemoryError:
                answer = ("memory", request.memory)
            faulthandler.cancel_dump_traceback_later()
            pickle.dump(answer, answers, 5)
            answers.flush()
            if answer[0] == "memory":
                break
    os._exit(0)


def _streams() -> tuple[BinaryIO, BinaryIO]:
    """The two pipes under numbers of their own; 0 and 1 lead nowhere from now on."""
    asked, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    return asked, answers


def _take(asked: BinaryIO, requests: queue.SimpleQueue[Request]) -> None:
    """Take requests until the starter ends, by whatever means: then nobody waits for an answer any more."""
    try:
        while True:
            requests.put(pickle.load(asked))  # noqa: S301  # the starter's own pipe
    except (EOFError, OSError, pickle.UnpicklingError):
        os._exit(0)


@contextlib.contextmanager
def limited(more: int) -> Any:  # noqa: ANN401  # a context
    """Hold the address space to what it is now and so many bytes more, where the system can."""
    try:
        import resource
    except ImportError:  # Windows
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = _used() + more
    limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    with contextlib.suppress(ValueError, OSError):  # macOS refuses some
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    try:
        yield
    finally:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _used() -> int:
    """The address space that is taken, far more than the memory: libraries reserve it."""
    try:
        with open("/proc/self/statm", encoding="ascii") as found:  # noqa: PTH123  # read while memory may be short
            return int(found.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 4 << 30 if sys.maxsize > 1 << 32 else 0
