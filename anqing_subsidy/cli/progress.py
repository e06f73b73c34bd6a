"""A word about progress on stderr, for a run that takes longer than a second in a terminal."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import Self

_PATIENCE = 1.0


class Progress:
    """Shows the stage of a run after a second; silent when stderr is no terminal or when told to be quiet."""

    def __init__(self, stages: int, *, quiet: bool) -> None:
        self.stages = stages
        self.done = 0
        self.label = ""
        self.active = not quiet and sys.stderr.isatty()
        self._end = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        if self.active:
            self._thread = threading.Thread(target=self._draw, daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        if self._thread is not None:
            self._thread.join()

    def stage(self, label: str) -> None:
        """Say which stage begins."""
        self.done += 1
        self.label = label

    def _draw(self) -> None:
        if self._end.wait(_PATIENCE):
            return
        began = time.monotonic()
        width = 24
        while not self._end.wait(0.1):
            filled = width * (self.done - 1) // max(self.stages, 1)
            pulse = int((time.monotonic() - began) * 8) % 4
            bar = "█" * filled + "░" * (width - filled)
            sys.stderr.write(f"\r\x1b[2K{bar} {self.label}{'.' * pulse}")
            sys.stderr.flush()
        sys.stderr.write("\r\x1b[2K")
        sys.stderr.flush()
