"""The file of a ledger: made so that it appears whole or not at all, and where it should not lie."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from anqing_subsidy.finding import OutputError, Text, UsageError, reason_of

_MOUNTS: Final = Path("/proc/self/mounts")
_LOCKS: Final = Path("/proc/locks")
_NETWORK: Final = (
    "nfs",
    "cifs",
    "smb",
    "smbfs",
    "ncp",
    "afs",
    "9p",
    "ceph",
    "glusterfs",
    "davfs",
    "sshfs",
    "fuse.sshfs",
)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk.

    Raises:
        OSError: the disk says that they are not.
    """
    if path.is_dir() and os.name == "nt":
        return  # folders cannot be opened there; the rename itself is written through
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def appear(target: Path, fill: Callable[[Path], None], *, replace: bool) -> None:
    """Let `fill` write a file beside the target, put it safely on the disk, and give it its name.

    Args:
        target: The file to be.
        fill: Writes it, under another name in the same folder.
        replace: Whether a file of that name gives way; otherwise it stays.

    Raises:
        UsageError: there is such a file already.
        OutputError: it cannot be written; nothing is left behind.
    """
    if not target.parent.is_dir():
        raise OutputError(
            Text(f"没有文件夹 {target.parent}，先建立它", f"there is no folder {target.parent}; make it first")
        )
    beside: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}-", suffix=".new", dir=target.parent)
        os.close(handle)
        beside = Path(name)
        fill(beside)
        mask = os.umask(0)
        os.umask(mask)
        beside.chmod(0o666 & ~mask)
        sync(beside)
        if replace:
            beside.replace(target)
        else:
            _name(beside, target)
        sync(target.parent)
    except FileExistsError as fault:
        raise exists(target) from fault
    except OSError as fault:
        reason = reason_of(fault)
        raise OutputError(Text(f"写不出 {target}：{reason.zh}", f"cannot write {target}: {reason.en}")) from fault
    finally:
        if beside is not None:
            for leaving in (beside, beside.with_name(beside.name + "-journal")):
                leaving.unlink(missing_ok=True)


def exists(target: Path) -> UsageError:
    """A file of that name is there already."""
    return UsageError(
        Text(f"{target} 已经存在，未改动；请换一个文件名", f"{target} exists and was left alone; choose another name")
    )


def _name(beside: Path, target: Path) -> None:
    """Give a file a name that no other file may have: two at once never take the name from each other."""
    try:
        os.link(beside, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        beside.replace(target)


def network_kind(path: Path, mounts: str | None = None) -> str | None:
    """The kind of the network file system that a file lies on; None where it lies on a disk of its own.

    `mounts` is the list of mounted file systems, by default that of the machine (Linux; elsewhere nothing is known).
    """
    if mounts is None:
        try:
            mounts = _MOUNTS.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
    place, best, kind = path.resolve(), -1, ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        at = Path(fields[1].replace("\\040", " "))
        if (place == at or at in place.parents) and len(at.parts) >= best:
            best, kind = len(at.parts), fields[2]
    return kind if kind.rstrip("0123456789") in _NETWORK or kind in _NETWORK else None


def holder_of(path: Path) -> Text:
    """Who holds a lock on a file, where the machine says so (Linux)."""
    try:
        inode = str(path.stat().st_ino)
        lines = _LOCKS.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        lines, inode = [], ""
    found = []
    for line in lines:
        fields = line.split()
        if "->" not in fields and len(fields) > 5 and fields[5].rpartition(":")[2] == inode:
            found.append(fields[4])
    named = [f"{_command(pid)}{pid}" for pid in dict.fromkeys(found) if pid != str(os.getpid())]
    if not named:
        return Text("另一个程序", "another program")
    return Text(f"进程 {'、'.join(named)}", f"process {', '.join(named)}")


def _command(pid: str) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return ""
    shown = " ".join(Path(word.decode(errors="replace")).name for word in words[:4] if word)
    return f"“{shown}” " if shown else ""
