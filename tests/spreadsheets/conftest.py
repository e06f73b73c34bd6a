from __future__ import annotations

from tests.intake.conftest import policy

__all__ = ["policy"]
