"""Files as people name them: without their folder, where the name alone tells which file it is."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anqing_subsidy.finding import Place
    from anqing_subsidy.tables import Tables


class Files:
    """The short names of the files of a run."""

    def __init__(self, tables: Tables) -> None:
        paths = dict.fromkeys([*(part.file for part in tables.parts), *(source.path for source in tables.inputs)])
        ends = {path: path.replace("\\", "/").rsplit("/", 1)[-1] for path in paths}
        times = Counter(ends.values())
        self._short = {path: end for path, end in ends.items() if end != path and times[end] == 1}

    def name(self, path: str) -> str:
        """A file: its name alone, or as it was given where two have one name."""
        return self._short.get(path, path)

    def place(self, place: Place | None) -> str:
        """A place with the short name of its file; empty without one."""
        return "" if place is None else self.shorten(str(place))

    def shorten(self, text: str) -> str:
        """A text in which files are named, with their short names."""
        for path in sorted(self._short, key=len, reverse=True):
            text = text.replace(path, self._short[path])
        return text
