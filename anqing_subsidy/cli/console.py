"""Standard output and error as whatever console they go to can show them."""

from __future__ import annotations

import codecs
import os
import sys
from typing import Final

_UNICODE: Final = ("utf8", "gb18030")
_CHINESE: Final = ("gbk", "gb2312", "cp936", "936")
_PLAINER: Final = {
    "−": "-",
    "–": "-",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "√": "v",
    "×": "x",
    "㎡": "m2",
    "█": "#",
    "…": "...",
}
_DRAWN: Final = {"├": "|", "└": "+", "│": "|", "─": "-"}


def prepare_streams() -> None:
    """Make every character printable: in UTF-8, or in the console's own code with plainer characters where it lacks one."""
    codecs.register_error("plainer", _plainer)
    for stream in (sys.stdout, sys.stderr):
        code = (stream.encoding or "").lower().replace("-", "") if hasattr(stream, "reconfigure") else "utf8"
        if code in _UNICODE:
            continue
        if code in _CHINESE or os.name == "nt":
            stream.reconfigure(errors="plainer")  # type: ignore[union-attr]  # asked for above
        else:
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # asked for above


def _plainer(fault: UnicodeError) -> tuple[str, int]:
    """What stands for the characters that a code lacks."""
    if not isinstance(fault, UnicodeEncodeError):
        raise fault
    words = fault.object[fault.start : fault.end]
    return "".join(_PLAINER.get(char, _DRAWN.get(char, "?")) for char in words), fault.end
