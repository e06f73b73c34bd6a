from __future__ import annotations

from pathlib import Path

import pytest

from tests.ledger.books import Book


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """An empty ledger."""
    return Book(tmp_path)
