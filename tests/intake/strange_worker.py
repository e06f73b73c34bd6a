"""A reader process that does what the name of the file says, to try whoever supervises it."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import PurePath
from typing import TYPE_CHECKING

from anqing_subsidy.finding import Finding, Text
from anqing_subsidy.intake.worker import Answer, limited, serve

if TYPE_CHECKING:
    from anqing_subsidy.intake.worker import Request


def main() -> None:
    serve(_read, lambda: None)


def _read(request: Request) -> Answer:
    match PurePath(request.file).stem:
        case "abort":
            os.abort()
        case "segfault":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "leave":
            os._exit(0)
        case "sleep":
            time.sleep(600)
        case "spin":
            while True:
                pass
        case "allocate":
            with limited(request.memory):
                pieces = [bytearray(b"x" * (1 << 20)) for _ in range(8192)]
                return ("read", [], [len(pieces)])
        case "chatter":
            sys.stdout.write("not an answer\n")
            sys.stdout.flush()
            os.write(1, b"not an answer either\n")
        case "refuse":
            return ("refused", Text("不行", "no"))
    return ("read", [], [Finding("info", "PID", Text(str(os.getpid()), ""))])
