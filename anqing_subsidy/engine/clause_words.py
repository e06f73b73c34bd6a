"""Which clauses a text means that an official typed: an id, an article, a title."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import polars as pl

from anqing_subsidy.finding import Finding, Text, UsageError
from anqing_subsidy.policy.faults import nearest
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.tables import Tables


def clause_word(text: str) -> str:
    """A clause, article or title as typed, without the differences that do not matter."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "").lower()
    return re.sub(r"¶(\d)", r"第\1款", plain)


class ClauseWords:
    """Which clauses a text means: an id, a title, an article (several clauses may stand in one)."""

    def __init__(self, policy: Policy) -> None:
        self.exact: dict[str, list[str]] = {}
        self.articles = [(clause_word(clause.article), clause.id) for clause in policy.clauses.values()]
        for clause in policy.clauses.values():
            for word in (clause.id, clause.title.zh, clause.title.en):
                self.exact.setdefault(clause_word(word), []).append(clause.id)
        self.titles = [clause.title for clause in policy.clauses.values()]

    def nearest(self, text: str) -> Text:
        """The title that was probably meant, or the titles there are."""
        return Text(
            nearest(text, [title.zh for title in self.titles]).zh, nearest(text, [title.en for title in self.titles]).en
        )

    def meaning(self, text: str) -> list[str]:
        """The clauses meant; empty where none is."""
        word = clause_word(text)
        if word in self.exact:
            return self.exact[word]
        return [
            id_
            for article, id_ in self.articles
            if word and (article == word or (article.startswith(word) and not article[len(word)].isdigit()))
        ]


def clauses_meant(policy: Policy, typed: Iterable[str]) -> list[str]:
    """The clauses meant by ids, articles or titles as typed, each once.

    Raises:
        UsageError: a word means no clause.
    """
    words, found = ClauseWords(policy), dict[str, None]()
    for word in typed:
        meant = words.meaning(word)
        if not meant:
            hint = nearest(word, policy.clauses)
            raise UsageError(Text(f"没有条款 {word}{hint.zh}", f"there is no clause `{word}`{hint.en}"))
        found |= dict.fromkeys(meant)
    return list(found)


def with_clauses(
    frame: pl.DataFrame, column: str, words: ClauseWords, tables: Tables
) -> tuple[pl.DataFrame, list[Finding]]:
    """Rows with a list of the clauses each means, empty where the text is blank or names none (a finding).

    A row of an unknown clause may be about any clause: who asks for the rows decides what that leaves open.
    """
    findings = []
    meanings: dict[str, list[str]] = {}
    for text in frame[column].drop_nulls().unique().sort():
        meanings[text] = words.meaning(text)
        if not meanings[text]:
            row = frame.filter(pl.col(column) == text)
            hint = words.nearest(text)
            findings.append(
                Finding(
                    "error",
                    "UNKNOWN_CLAUSE",
                    Text(
                        f"没有条款 {text}{hint.zh}；{row.height} 行可能涉及的事项均待核实",
                        f"there is no clause {text}{hint.en}; what {row.height} row(s) may concern stays open",
                    ),
                    tables.place(int(row["_part"][0]), int(row["_row"][0]), column),
                    text,
                    Text("写条款的名称、条次或编号", "write the title of a clause, its article or its id"),
                )
            )
    keys = list(meanings)
    lookup = pl.DataFrame(
        {column: keys, "clauses": [meanings[key] for key in keys]},
        schema={column: pl.String, "clauses": pl.List(pl.String)},
    )
    joined = frame.join(lookup, on=column, how="left", maintain_order="left")
    return joined.with_columns(pl.col("clauses").fill_null([])), findings
