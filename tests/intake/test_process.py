"""The reader process: whatever kills it is a message about one file, and the next file is read all the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from anqing_subsidy.finding import InputError
from anqing_subsidy.intake import process as supervising
from anqing_subsidy.intake import read_tables
from anqing_subsidy.intake.process import Books, Limits, Process

from .conftest import Rows, code, save

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anqing_subsidy.policy.model import Policy

STRANGE = "tests.intake.strange_worker"
HEAD = ["统一社会信用代码", "名称", "网上年交易额(万元)"]
ROOT = str(Path(__file__).resolve().parents[2])
ENV = {**os.environ, "PYTHONPATH": os.pathsep.join([ROOT, os.environ.get("PYTHONPATH", "")])}
"""What finds the strange worker from any folder."""
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and limits of memory")


@pytest.fixture
def strange() -> Iterator[Process]:
    process = Process(STRANGE, Limits(seconds=20.0, memory=256 << 20))
    yield process
    process.stop()


def pid(process: Process, file: str = "fine") -> int:
    _, (finding,) = process.read(file, b"")
    return int(finding.message.zh)


def alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    with suppress(OSError), open(f"/proc/{number}/stat", encoding="ascii") as stat:  # noqa: PTH123
        return stat.read().rpartition(")")[2].split()[0] != "Z"
    return True


def gone(number: int, seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while alive(number) and time.monotonic() < end:
        time.sleep(0.05)
    return not alive(number)


def test_one_process_reads_file_after_file(strange: Process) -> None:
    assert len({pid(strange) for _ in range(60)}) == 1


@POSIX
@pytest.mark.parametrize("way", ["abort", "segfault", "leave"])
def test_what_kills_the_reader_is_a_message_and_the_next_file_is_read(strange: Process, way: str) -> None:
    first = pid(strange)
    with pytest.raises(InputError, match=f"cannot read {way}: the reader died") as raised:
        strange.read(way, b"")
    assert "另存" in raised.value.message.zh
    assert gone(first)
    second = pid(strange)
    assert second != first
    assert pid(strange) == second


@POSIX
@pytest.mark.parametrize("way", ["sleep", "spin"])
def test_reading_without_end_is_stopped(way: str) -> None:
    process = Process(STRANGE, Limits(seconds=3.0))
    first = pid(process)
    with pytest.raises(InputError, match=f"cannot read {way}: reading it was stopped after 3 seconds"):
        process.read(way, b"")
    assert gone(first)
    assert pid(process) != first
    process.stop()


@POSIX
def test_a_file_that_takes_too_much_memory_is_refused(strange: Process) -> None:
    first = pid(strange)
    with pytest.raises(InputError, match="cannot read allocate: reading it takes more memory"):
        strange.read("allocate", b"")
    assert gone(first)
    assert pid(strange) != first


def test_a_refusal_is_no_death(strange: Process) -> None:
    first = pid(strange)
    with pytest.raises(InputError, match="no"):
        strange.read("refuse", b"")
    assert pid(strange) == first


def test_what_a_library_prints_is_no_answer(strange: Process) -> None:
    assert pid(strange, "chatter") == pid(strange)


def test_a_process_that_ended_while_idle_is_replaced_in_silence(strange: Process) -> None:
    first = pid(strange)
    running = strange._running
    assert running is not None
    assert running.stdin is not None
    running.stdin.close()  # it takes the end of its input for that of the one who started it
    running.wait(10)
    assert pid(strange) != first


def test_a_larger_file_has_more_time() -> None:
    limits = Limits(seconds=60.0, seconds_per_mb=10.0)
    assert limits.seconds_for(0) == 60.0
    assert limits.seconds_for(12 << 20) == 180.0


# ---- as read_tables uses it --------------------------------------------------------------------------------------------
def county_files(folder: Path, count: int) -> Path:
    for number in range(count):
        save(folder / f"{number:02}.xlsx", {"申报主体": [HEAD, [code(number), f"甲{number}", number]]})
    return folder


def test_sixty_files_go_through_one_process_in_their_order(
    tmp_path: Path, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []

    class Counted(subprocess.Popen[bytes]):
        def __init__(self, command: list[str], **options: Any) -> None:  # noqa: ANN401  # handed through
            super().__init__(command, **options)
            started.append(self.pid)

    monkeypatch.setattr(subprocess, "Popen", Counted)
    supervising.stop_idle()
    tables = read_tables([county_files(tmp_path, 60)], policy)
    assert len(started) == 1
    assert tables.frames["applicants"]["name"].to_list() == [f"甲{number}" for number in range(60)]


def test_no_process_is_started_for_text_or_nothing(
    tmp_path: Path, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    supervising.stop_idle()
    monkeypatch.setattr(Process, "start", lambda _: pytest.fail("a process was started"))
    text = tmp_path / "申报主体.csv"
    text.write_text(f"统一社会信用代码,名称\n{code(1)},甲\n", encoding="utf-8")
    supervising.prepare([text, "-", tmp_path / "none.csv", tmp_path])
    assert read_tables([text], policy).frames["applicants"].height == 1
    with pytest.raises(InputError, match="does not exist"):
        read_tables([tmp_path / "none.xlsx"], policy)


def test_a_process_started_early_is_the_one_that_reads(tmp_path: Path, policy: Policy) -> None:
    supervising.stop_idle()
    folder = county_files(tmp_path, 1)
    supervising.prepare([folder])
    (early,) = supervising._idle
    running = early._running
    assert running is not None
    read_tables([folder], policy)
    assert early._running is running
    assert early in supervising._idle


def test_calls_in_several_threads_do_not_mix(tmp_path: Path, policy: Policy) -> None:
    folders = [tmp_path / str(number) for number in range(3)]
    found: dict[int, list[str]] = {}

    def work(number: int) -> None:
        found[number] = read_tables([folders[number]], policy).frames["applicants"]["name"].to_list()

    for number, folder in enumerate(folders):
        folder.mkdir()
        rows: Rows = [HEAD, *([code(i), f"{number}-{i}", i] for i in range(200))]
        save(folder / "a.xlsx", {"申报主体": rows})
    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: [f"{number}-{i}" for i in range(200)] for number in range(3)}


@POSIX
def test_a_crash_is_told_with_the_faults_of_the_other_files(
    tmp_path: Path, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("abort", "refuse", "segfault"):
        save(tmp_path / f"{name}.xlsx", {"申报主体": [HEAD]})
    monkeypatch.setattr(supervising, "_take", lambda: Process(STRANGE))
    monkeypatch.setattr(supervising, "_give_back", Process.stop)
    with pytest.raises(InputError) as raised:
        read_tables([tmp_path, tmp_path / "none.csv"], policy)
    crash, refusal, another, missing = raised.value.message.en.splitlines()
    assert "abort.xlsx: the reader died" in crash
    assert refusal == "no"
    assert "segfault.xlsx: the reader died" in another
    assert "none.csv does not exist" in missing


@pytest.mark.parametrize("way", ["-c", "file"])
def test_a_caller_needs_no_main_guard(tmp_path: Path, way: str) -> None:
    county_files(tmp_path, 1)
    text = (
        "from anqing_subsidy import load_policy, read_tables\n"
        "print(read_tables(['.'], load_policy()).frames['applicants'].height)\n"
    )
    (tmp_path / "caller.py").write_text(text, encoding="utf-8")
    words = ["-c", text] if way == "-c" else ["caller.py"]
    done = subprocess.run(
        [sys.executable, "-W", "error", *words], cwd=tmp_path, env=ENV, capture_output=True, check=False
    )
    assert done.stdout.split() == [b"1"], done.stderr
    assert done.stderr == b""


@POSIX
def test_a_forked_child_starts_a_process_of_its_own(tmp_path: Path) -> None:
    county_files(tmp_path, 1)
    text = (
        "import os, sys\nfrom anqing_subsidy.intake import process\n"
        "process.prepare(['.'])\nmine = process._idle[0]._running\n"
        "if os.fork() == 0:\n    sys.exit(len(process._idle))\n"
        "print(os.waitstatus_to_exitcode(os.wait()[1]), mine.poll())\n"
    )
    done = subprocess.run([sys.executable, "-c", text], cwd=tmp_path, env=ENV, capture_output=True, check=False)
    assert done.stdout.split() == [b"0", b"None"], done.stderr


# ---- the life of the process hangs on that of its starter --------------------------------------------------------------
STARTER = (
    "import sys, time\nfrom anqing_subsidy.intake.process import Process\n"
    "process = Process('tests.intake.strange_worker')\n"
    "print(process.read('fine', b'')[1][0].message.zh, flush=True)\n"
)


@POSIX
@pytest.mark.parametrize("doing", ["time.sleep(600)", "process.read('sleep', b'')", "process.read('spin', b'')"])
def test_the_process_dies_with_a_starter_that_is_killed(doing: str) -> None:
    with subprocess.Popen([sys.executable, "-c", STARTER + doing], stdout=subprocess.PIPE, env=ENV) as starter:
        assert starter.stdout is not None
        reader = int(starter.stdout.readline())
        time.sleep(0.3)
        starter.kill()
    assert gone(reader)


@POSIX
def test_an_interrupt_while_a_workbook_is_read_ends_with_130(tmp_path: Path) -> None:
    county_files(tmp_path, 1)
    text = (
        "import sys, threading\nfrom anqing_subsidy.intake import process\n"
        "process._take = lambda: process.Process('tests.intake.strange_worker')\n"
        "read = process.Process.read\n"
        "def slow(self, file, data, passwords):\n"
        "    sys.stderr.write('reading\\n'); sys.stderr.flush()\n"
        "    return read(self, 'sleep', data, passwords)\n"
        "process.Process.read = slow\n"
        "from anqing_subsidy.cli import main\nsys.argv = ['anqing-subsidy', 'run', '.']\nmain()\n"
    )
    with subprocess.Popen([sys.executable, "-c", text], cwd=tmp_path, stderr=subprocess.PIPE, env=ENV) as program:
        assert program.stderr is not None
        assert program.stderr.readline() == b"reading\n"
        time.sleep(0.5)
        program.send_signal(signal.SIGINT)
        begin = time.monotonic()
        rest = program.stderr.read()
        assert program.wait(20) == 130
        assert time.monotonic() - begin < 20
    assert b"Traceback" not in rest


def test_books_that_are_given_up_leave_no_thread_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervising, "_take", lambda: Process(STRANGE))
    before = threading.active_count()
    books = Books()
    wait = books.submit("sleep", b"")
    time.sleep(0.5)
    books.__exit__(KeyboardInterrupt, None, None)
    with pytest.raises(InputError, match="cannot read sleep"):
        wait()
    end = time.monotonic() + 20
    while threading.active_count() > before and time.monotonic() < end:
        time.sleep(0.05)
    assert threading.active_count() == before
