"""policy.yaml -> `Policy` (frozen): strict loading, all faults at once, each with its line."""

from anqing_subsidy.policy.load import PolicySource, default_policy_path, load_policy, open_policy, parse_policy
from anqing_subsidy.policy.model import Policy

__all__ = ["Policy", "PolicySource", "default_policy_path", "load_policy", "open_policy", "parse_policy"]
