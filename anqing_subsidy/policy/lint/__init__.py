"""What is legal YAML and wrong policy: each finding with its line, what is wrong and what to do."""

from anqing_subsidy.policy.lint.remark import Remark
from anqing_subsidy.policy.lint.run import lint

__all__ = ["Remark", "lint"]
