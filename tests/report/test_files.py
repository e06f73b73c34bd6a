"""Files are named as people name them, unless that leaves open which one is meant."""

from __future__ import annotations

from anqing_subsidy.finding import Place
from anqing_subsidy.report.files import Files
from anqing_subsidy.tables import Part, Tables


def files(*paths: str) -> Files:
    return Files(Tables({}, tuple(Part("applicants", path, "申报主体", {}) for path in paths)))


def test_a_file_is_named_without_its_folder() -> None:
    assert files("data/2018/a.xlsx").place(Place("data/2018/a.xlsx", "申报主体", 5, "C")) == "a.xlsx 申报主体 C5"


def test_two_files_of_one_name_keep_their_folders() -> None:
    short = files("north/a.xlsx", "south/a.xlsx", "south/b.xlsx")
    assert [short.name(path) for path in ("north/a.xlsx", "south/a.xlsx", "south/b.xlsx")] == [
        "north/a.xlsx", "south/a.xlsx", "b.xlsx",
    ]  # fmt: skip


def test_files_in_a_text_are_shortened_too() -> None:
    text = files("in\\a.xlsx", "in\\sub\\b.csv").shorten("重复: in\\a.xlsx 申报主体 5; in\\sub\\b.csv 7")
    assert text == "重复: a.xlsx 申报主体 5; b.csv 7"
