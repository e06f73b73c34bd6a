"""The command line: one file a command; the only room that prints or exits."""

from anqing_subsidy.cli.app import main

__all__ = ["main"]
