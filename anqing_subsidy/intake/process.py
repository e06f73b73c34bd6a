"""The reader process seen from outside: started early, asked for one workbook after the other, started again when it dies.

A reader written in Rust can abort the interpreter on a hostile file, and any reader can loop or take all memory. So
workbooks are read in a process of their own, with limits; what kills it is a message here, about the one file.
"""

from __future__ import annotations

import atexit
import os
import pickle
import subprocess
import sys
import threading
from concurrent import futures
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, cast

from anqing_subsidy.finding import InputError, Text
from anqing_subsidy.intake.unfinished import died, too_long, too_much
from anqing_subsidy.intake.worker import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from types import TracebackType

    from anqing_subsidy.finding import Finding
    from anqing_subsidy.intake.sheet import Sheet
    from anqing_subsidy.tables import PlainSheet

Read = tuple[list["Sheet"], list["Finding"]]

WORKER: Final = "anqing_subsidy.intake.worker"
BOOK_SUFFIXES: Final = frozenset((".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".et", ".fods"))
KEPT_BELOW: Final = 8 << 20
"""A process that has read larger files than this has grown, and is not kept for a later call."""
# the search path is handed over, so that the process finds the very modules that run here, however they were found
_START: Final = "import sys, importlib; sys.path[:] = sys.argv[2:]; importlib.import_module(sys.argv[1]).main()"
_PIPE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading a file may take: seconds, more for each megabyte; bytes of memory beside those for its contents."""

    seconds: float = 60.0
    seconds_per_mb: float = 10.0
    memory: int = 3 << 30

    def seconds_for(self, size: int) -> float:
        """The seconds for a file of some bytes."""
        return self.seconds + self.seconds_per_mb * (size >> 20)


class Process:
    """One reader process, or the next one after it died. Used by one thread at a time."""

    def __init__(self, worker: str = WORKER, limits: Limits | None = None) -> None:
        self.worker = worker
        self.limits = limits or Limits()
        self.largest = 0
        self._owner = os.getpid()
        self._running: subprocess.Popen[bytes] | None = None
        self._used = False

    def start(self) -> None:
        """Start it where it does not run; its imports go on beside whatever is done here.

        Raises:
            InputError: the system starts no process.
        """
        if self._running is not None and self._running.poll() is None:
            return
        self.stop()
        try:
            self._running = subprocess.Popen(  # noqa: S603  # this interpreter with this package
                [sys.executable, "-P", "-c", _START, self.worker, *sys.path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=None if os.environ.get("SUBSIDY_DEBUG") else subprocess.DEVNULL,
                pipesize=_PIPE,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except (OSError, ValueError) as fault:
            why = Text(f"无法启动读取程序（{fault}）", f"the reader cannot be started ({fault})")
            raise InputError(why) from fault
        self._used = False

    def stop(self) -> None:
        """End it at once."""
        running, self._running = self._running, None
        if running is None or self._owner != os.getpid():  # after a fork it belongs to the other
            return
        running.kill()
        for pipe in (running.stdin, running.stdout):
            with suppress(OSError):
                cast("Any", pipe).close()
        running.wait()

    def read(self, file: str, data: bytes, passwords: Sequence[str] = ()) -> Read:
        """The sheets of a workbook and what was found in it.

        Raises:
            InputError: it cannot be read, or reading it took too long, too much memory, or killed the process.
        """
        return cast("Read", self._answer(file, data, passwords, plain=False))

    def plain(self, file: str, data: bytes) -> list[PlainSheet]:
        """The bare cells of a workbook of an older format; nothing of a package.

        Raises:
            InputError: as for `read`.
        """
        return cast("list[PlainSheet]", self._answer(file, data, (), plain=True)[0])

    def _answer(self, file: str, data: bytes, passwords: Sequence[str], *, plain: bool) -> tuple[Any, Any]:
        seconds = self.limits.seconds_for(len(data))
        request = Request(file, data, tuple(passwords), seconds, self.limits.memory, plain)
        self.largest = max(self.largest, len(data))
        answer = self._ask(request)
        if answer is None:
            answer = self._ask(request)  # an idle process may have ended just before it was asked
        if answer is None:
            raise died(file, None)
        if answer[0] == "read":
            return answer[1], answer[2]
        if answer[0] == "memory":
            self.stop()
            raise too_much(file)
        raise InputError(answer[1])

    def _ask(self, request: Request) -> tuple[Any, ...] | None:
        """Its answer; None where a process that had been idle was gone before it could begin."""
        self.start()
        running, again = self._running, self._used
        assert running is not None  # noqa: S101  # it was started above
        assert running.stdin is not None  # noqa: S101
        assert running.stdout is not None  # noqa: S101
        self._used = True
        expired = threading.Event()

        def expire() -> None:
            expired.set()
            running.kill()

        watch = threading.Timer(request.seconds, expire)
        watch.daemon = True
        watch.start()
        try:
            pickle.dump(request, running.stdin, 5)
            running.stdin.flush()
            answer: tuple[Any, ...] = pickle.load(running.stdout)  # noqa: S301  # the answer of our own process
        except (EOFError, OSError, ValueError, pickle.UnpicklingError) as fault:
            with suppress(subprocess.TimeoutExpired):
                running.wait(2.0)
            status = running.poll()
            self.stop()
            if expired.is_set():
                raise too_long(request) from fault
            if again and status == 0:
                return None
            raise died(request.file, status) from fault
        except BaseException:  # an interrupt: the answer that was asked for must not meet the next question
            self.stop()
            raise
        finally:
            watch.cancel()
        return answer


# ---- one process for the whole run, kept a while for the next call ---------------------------------------------------
_idle: list[Process] = []
_lock = threading.Lock()


def _take() -> Process:
    with _lock:
        return _idle.pop() if _idle else Process()


def _give_back(process: Process) -> None:
    if process.largest > KEPT_BELOW:
        process.stop()
        return
    with _lock:
        _idle.append(process)


def plain_sheets(file: str, data: bytes) -> list[PlainSheet]:
    """The bare cells of a workbook of an older format, read in the reader process; nothing of a package.

    Raises:
        InputError: it cannot be read, or has a password.
    """
    process = _take()
    try:
        return process.plain(file, data)
    finally:
        _give_back(process)


def stop_idle() -> None:
    """End the processes that wait for a later call."""
    with _lock:
        while _idle:
            _idle.pop().stop()


def _forget() -> None:
    """After a fork: the processes are the parent's, and so are the pipes to them."""
    global _lock  # noqa: PLW0603  # the lock may have been held by a thread that is not here
    _lock = threading.Lock()
    _idle.clear()


atexit.register(stop_idle)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


def prepare(inputs: Iterable[Path | str]) -> None:
    """Start the reader process now if some input looks like a workbook, so that it is ready when it is needed."""
    if not any(_may_be_book(Path(given)) for given in inputs if str(given) != "-"):
        return
    process = _take()
    with suppress(InputError):  # said when a file is to be read
        process.start()
    _give_back(process)


def _may_be_book(path: Path) -> bool:
    try:
        names = [entry.name for entry in os.scandir(path)] if path.is_dir() else [path.name]
    except OSError:
        return False
    return any(os.path.splitext(name)[1].lower() in BOOK_SUFFIXES for name in names)  # noqa: PTH122  # many names


class Books:
    """The workbooks of one call, read by one process in the order in which they are handed in, beside the caller."""

    def __init__(self, passwords: Sequence[str] = ()) -> None:
        self.passwords = tuple(passwords)
        self._process: Process | None = None
        self._thread: ThreadPoolExecutor | None = None
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed = True
        if self._process is not None and kind is not None:
            self._process.stop()  # the thread that waits for an answer gets an end instead
        if self._thread is not None:
            self._thread.shutdown(cancel_futures=True)
        if self._process is not None and kind is None:
            _give_back(self._process)

    def submit(self, file: str, data: bytes) -> Callable[[], Read]:
        """Hand in a workbook; what is returned waits for its sheets, or raises the InputError."""
        if self._thread is None:
            self._process = _take()
            self._thread = ThreadPoolExecutor(1, "workbooks")
        future = self._thread.submit(self._read, file, data)

        def wait() -> Read:
            # polars has waiting calls begin again after an interrupt, so that only short ones can be interrupted
            while not future.done():
                futures.wait([future], 0.1)
            return future.result()

        return wait

    def _read(self, file: str, data: bytes) -> Read:
        if self._closed or self._process is None:
            raise InputError(Text(f"未读取 {file}", f"{file} was not read"))
        return self._process.read(file, data, self.passwords)
