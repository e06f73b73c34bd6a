"""Exact, explained calculation of e-commerce subsidies from spreadsheets and a policy written in YAML.

Three calls make a run:

    policy = load_policy()                          # or load_policy("next-year.yaml", {"c3_base": "excess"})
    tables = read_tables(["申报汇总.xlsx"], policy)
    result = assess(policy, tables)                 # result.applicants, result.lines, result.findings

Exceptions: see `anqing_subsidy.finding`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from anqing_subsidy.engine import Assessment, assess
    from anqing_subsidy.intake import read_tables
    from anqing_subsidy.policy import Policy, load_policy

__version__ = "0.1.0"
__all__ = ["Assessment", "Policy", "__version__", "assess", "load_policy", "read_tables"]

# imported when first used: `--help` needs none of them
_HOMES = {
    "assess": "engine",
    "Assessment": "engine",
    "read_tables": "intake",
    "load_policy": "policy",
    "Policy": "policy",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  # a module attribute of any kind
    if name in _HOMES:
        return getattr(import_module(f"anqing_subsidy.{_HOMES[name]}"), name)
    raise AttributeError(name)
