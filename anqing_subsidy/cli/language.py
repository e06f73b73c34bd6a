"""Which language to speak: `--lang`, else the locale, else Chinese."""

from __future__ import annotations

import os
import sys

from anqing_subsidy.finding import Lang


def spoken() -> Lang:
    """The language of messages and help, known before the options are parsed."""
    words = sys.argv[1:]
    for at, word in enumerate(words):
        value = (
            words[at + 1]
            if word == "--lang" and at + 1 < len(words)
            else word.removeprefix("--lang=")
            if word.startswith("--lang=")
            else ""
        )
        if value in ("zh", "en"):
            return "en" if value == "en" else "zh"
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "en" if value.lower().startswith("en") else "zh"
    return "zh"


LANG: Lang = spoken()


def say(zh: str, en: str) -> str:
    """One of two wordings, in the language spoken."""
    return zh if LANG == "zh" else en
