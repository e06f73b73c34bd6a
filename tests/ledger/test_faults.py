"""Drills: kills, full disks, failing fsync, many writers. Nothing is ever half recorded, and a plain rerun heals."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final, Self

import pytest

from anqing_subsidy.finding import LedgerError, OutputError
from anqing_subsidy.ledger import commit, store
from anqing_subsidy.ledger.backup import back_up
from anqing_subsidy.ledger.drafts import Signed
from anqing_subsidy.ledger.files import network_kind
from anqing_subsidy.ledger.record import record
from anqing_subsidy.ledger.result import read_result
from tests.ledger.books import Book, policy_of
from tests.ledger.firms import both, platforms
from tests.oracle.generate import good_code

PROGRAM: Final = (sys.executable, "-m", "anqing_subsidy")
MANY: Final = 600
LEDGER: Final = "awards.ledger"
# what a record does once everything is read: the moment at which a kill could leave half of it
CHILD: Final = """
import sys
from pathlib import Path
from anqing_subsidy.ledger.drafts import Signed
from anqing_subsidy.ledger.record import record
from anqing_subsidy.ledger.result import read_result
from anqing_subsidy.ledger.store import writing
from anqing_subsidy.policy import load_policy
result, policy = read_result(Path("result.json")), load_policy()
print("ready", flush=True)
sys.stdin.readline()
with writing(Path("awards.ledger")) as ledger:
    record(ledger, result, policy, Signed("drill"))
"""


def firms(count: int, first: int = 1000) -> dict[str, list[dict[str, object]]]:
    """So many firms with a platform each."""
    return both(*(platforms(f"P{number}", code=good_code(number)) for number in range(first, first + count)))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a ledger of some payments, and a result of many more."""
    folder = tmp_path_factory.mktemp("drill")
    book = Book(folder, LEDGER)
    book.pay(firms(5, first=10), policy_of())
    book.result(book.run(firms(MANY), policy_of()))
    return folder


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Path:
    """A copy of it for one drill."""
    for name in (LEDGER, "result.json"):
        shutil.copy(prepared / name, tmp_path / name)
    return tmp_path


def said(folder: Path, *words: str, ready: Callable[[], None] | None = None) -> subprocess.CompletedProcess[str]:
    """The program in a folder; whatever happens to it, no traceback."""
    done = subprocess.run(
        [*PROGRAM, *words], cwd=folder, capture_output=True, encoding="utf-8", check=False, preexec_fn=ready,  # limits of the child
        env={**os.environ, "LANG": "en_US.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done


def recorded(folder: Path) -> int:
    """How many of the many payments the ledger has; it must be sound."""
    return Book(folder, LEDGER).payments().height - 5


def heal(folder: Path) -> None:
    """The same once more records what is to be recorded, or says that it was."""
    before = recorded(folder)
    with store.writing(folder / LEDGER) as ledger:
        done = record(ledger, read_result(folder / "result.json"), policy_of(), Signed("drill"))
    assert (done.run, done.before) == (2, before == MANY)
    assert recorded(folder) == MANY


@pytest.mark.parametrize("seed", range(6))
def test_a_kill_at_any_moment_leaves_all_or_nothing_and_a_rerun_heals(folder: Path, seed: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", CHILD],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdout.readline()
        child.stdin.write(b"\n")
        child.stdin.flush()
        time.sleep(random.Random(seed).uniform(0, 0.08))
        child.kill()
    assert recorded(folder) in (0, MANY)
    heal(folder)


def test_a_disk_that_takes_no_more_leaves_nothing_and_is_said(folder: Path) -> None:
    limit = (folder / LEDGER).stat().st_size + 64 * 1024

    def ready() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = said(folder, "ledger", "record", "result.json", "--ledger", LEDGER, ready=ready)
    assert (done.returncode, "nothing was recorded" in done.stderr) == (3, True), done.stderr
    assert recorded(folder) == 0
    done = said(
        folder, "ledger", "init", "new.ledger", ready=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
    )
    assert done.returncode == 3
    assert sorted(path.name for path in folder.iterdir()) == [LEDGER, "result.json"]
    heal(folder)


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of a quarter of a megabyte."""
    place = Path(tempfile.mkdtemp())
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)], capture_output=True, check=False
    ).returncode
    if mounted != 0:
        place.rmdir()
        pytest.skip("a file system can only be mounted with the right to do so")
    yield place
    subprocess.run(["umount", str(place)], check=True)
    place.rmdir()


def test_a_full_file_system_leaves_nothing_and_is_said(folder: Path, small_disk: Path) -> None:
    shutil.copy(folder / LEDGER, small_disk / LEDGER)
    done = said(folder, "ledger", "record", "result.json", "--ledger", str(small_disk / LEDGER))
    assert done.returncode == 3, done.stderr
    assert Book(small_disk, LEDGER).payments().height == 5
    (small_disk / "rest").write_bytes(b"\0" * 150_000)
    with pytest.raises(OutputError):
        back_up(folder / LEDGER, small_disk / "copy.ledger")
    assert sorted(path.name for path in small_disk.iterdir()) == [LEDGER, "rest"]


def traced(folder: Path, fault: str, *words: str) -> subprocess.CompletedProcess[str]:
    """The program while a system call fails, or kills it."""
    calls = fault.partition(":")[0]
    # the short way through the kernel knows errors, but no signals
    short = [] if "signal" in fault else ["--seccomp-bpf"]
    return subprocess.run(
        ["strace", "-f", *short, "-o", "/dev/null", "-e", f"trace={calls}", "-e", f"inject={fault}", *PROGRAM, *words],
        cwd=folder, capture_output=True, encoding="utf-8", check=False, env={**os.environ, "LANG": "en_US.UTF-8"},
    )  # fmt: skip


def can_trace() -> bool:
    """Whether system calls may be made to fail here."""
    if shutil.which("strace") is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        return traced(Path(folder), "fdatasync:error=EIO:when=1", "ledger", "init", "x.ledger").returncode == 3


needs_strace = pytest.mark.skipif(not can_trace(), reason="strace is not installed, or may not trace here")


@needs_strace
@pytest.mark.parametrize(
    ("fault", "kept"),
    [
        ("fdatasync:error=EIO:when=1", False),
        ("fdatasync:error=EIO:when=4", False),
        ("pwrite64:error=ENOSPC:when=1", False),
        ("pwrite64:error=EIO:when=60", False),
        ("unlink:error=EIO:when=1", False),
        ("fdatasync:error=EIO:when=5", True),
    ],
)
def test_a_failing_system_call_is_said_and_what_is_said_is_true(folder: Path, fault: str, *, kept: bool) -> None:
    done = traced(folder, fault, "ledger", "record", "result.json", "--ledger", LEDGER)
    assert "Traceback" not in done.stderr
    assert done.returncode == (3 if not kept else done.returncode), done.stderr
    count = recorded(folder)
    # the last call puts the end of the journal on the disk: by then it is recorded, and that is what is said
    assert count == (MANY if kept else 0), done.stderr
    assert kept or "nothing was recorded" in done.stderr
    assert not kept or done.returncode == 0 or "recorded as run 2" in done.stderr
    heal(folder)


@needs_strace
@pytest.mark.parametrize(
    "call", ["fdatasync:when=1", "fdatasync:when=3", "fdatasync:when=4", "pwrite64:when=60", "unlink:when=1"]
)
def test_a_kill_inside_the_commit_leaves_all_or_nothing(folder: Path, call: str) -> None:
    name, _, when = call.partition(":")
    done = traced(folder, f"{name}:signal=SIGKILL:{when}", "ledger", "record", "result.json", "--ledger", LEDGER)
    assert done.returncode == -signal.SIGKILL
    # to read is enough: what was half done is taken back by whoever opens the ledger next
    assert recorded(folder) in (0, MANY)
    heal(folder)


@needs_strace
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("link:signal=SIGKILL:when=1", ("init",)),
        ("fsync:error=EIO:when=1", ("init",)),
        ("fsync:signal=SIGKILL:when=1", ("backup", "--ledger", LEDGER)),
        ("link:error=EIO:when=1", ("backup", "--ledger", LEDGER)),
    ],
)
def test_a_new_ledger_or_a_backup_is_there_whole_or_not_at_all(
    folder: Path, fault: str, words: tuple[str, ...]
) -> None:
    done = traced(folder, fault, "ledger", words[0], "new.ledger", *words[1:])
    assert done.returncode in (0, 3, -signal.SIGKILL), done.stderr
    new = folder / "new.ledger"
    assert new.exists() == (done.returncode == 0)
    if new.exists():
        with store.reading(new):
            new.unlink()
    store.create(new) if words[0] == "init" else back_up(folder / LEDGER, new)
    with store.reading(new) as ledger:
        assert ledger.run == (words[0] == "backup")


def test_six_writers_at_once_are_all_recorded(tmp_path: Path) -> None:
    book = Book(tmp_path, LEDGER)
    for number in range(6):
        book.result(book.run(firms(3, first=100 * (number + 1)), policy_of()), f"result{number}.json")
    children = [
        subprocess.Popen(
            [*PROGRAM, "ledger", "record", f"result{number % 6}.json", "--ledger", LEDGER],
            cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        )
        for number in range(8)
    ]  # fmt: skip
    ends = [(child.communicate(timeout=60), child.returncode) for child in children]
    assert [status for _, status in ends] == [0] * 8, ends
    assert (book.payments().height, book.payments()["run"].n_unique()) == (18, 6)


def test_a_ledger_in_use_is_waited_for_and_then_its_holder_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "PATIENCE", 1)
    holder = "import sqlite3, sys; d = sqlite3.connect('awards.ledger', isolation_level=None); d.execute('BEGIN EXCLUSIVE'); print(1, flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", holder], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        began = time.monotonic()
        with pytest.raises(LedgerError) as refused, store.reading(folder / LEDGER):
            pass
        assert 0.5 < time.monotonic() - began < 4
        if sys.platform == "linux":
            assert str(child.pid) in refused.value.message.zh
        child.kill()
    assert recorded(folder) == 0


def test_a_folder_that_may_only_be_read_is_said_and_reading_works(folder: Path) -> None:
    bound: tuple[str, ...] = ()
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root may write everywhere, and setpriv, which takes that right away, is not installed")
        rights = "-dac_override,-dac_read_search"
        bound = ("setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}")
    (folder / LEDGER).chmod(0o444)
    folder.chmod(0o555)
    try:
        ends = {}
        for words in (("list",), ("record", "result.json")):
            done = subprocess.run(
                [*bound, *PROGRAM, "ledger", *words, "--ledger", LEDGER],
                cwd=folder, capture_output=True, encoding="utf-8", check=False, env={**os.environ, "LANG": "en_US.UTF-8"},
            )  # fmt: skip
            assert "Traceback" not in done.stderr
            ends[words[0]] = done.returncode
    finally:
        folder.chmod(0o755)
        (folder / LEDGER).chmod(0o644)
    assert ends == {"list": 0, "record": 3}
    assert recorded(folder) == 0


def test_a_clock_that_goes_back_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Before(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls(1999, 1, 1, tzinfo=tz)

    book = Book(folder, LEDGER)
    monkeypatch.setattr(commit, "datetime", Before)
    book.pay(firms(2, first=50), policy_of())
    found = book.payments()
    assert found["run"].to_list() == sorted(found["run"].to_list())
    assert found["at"][-1] < found["at"][0]


def test_a_backup_is_the_ledger_and_never_takes_the_place_of_a_file(folder: Path) -> None:
    copy = folder / "copy.ledger"
    assert back_up(folder / LEDGER, copy) == 1
    assert Book(folder, "copy.ledger").payments().equals(Book(folder, LEDGER).payments())
    before = copy.read_bytes()
    assert said(folder, "ledger", "backup", "copy.ledger", "--ledger", LEDGER).returncode == 2
    assert said(folder, "ledger", "init", "copy.ledger").returncode == 2
    assert copy.read_bytes() == before


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("nfs4", "nfs4"),
        ("cifs", "cifs"),
        ("fuse.sshfs", "fuse.sshfs"),
        ("smb3", "smb3"),
        ("ext4", None),
        ("tmpfs", None),
    ],
)
def test_a_network_file_system_is_known_by_its_kind(kind: str, expected: str | None) -> None:
    mounts = f"/dev/sda1 / ext4 rw 0 0\nserver:/data /srv/a\\040b {kind} rw 0 0\n"
    assert network_kind(Path("/srv/a b/x.ledger"), mounts) == expected
    assert network_kind(Path("/home/x.ledger"), mounts) is None
