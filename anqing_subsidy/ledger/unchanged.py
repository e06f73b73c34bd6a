"""Whether the policy and the inputs of a result are still the files that it was computed from."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from anqing_subsidy.finding import InputError, LedgerError, Text, reason_of

if TYPE_CHECKING:
    from anqing_subsidy.ledger.result import Result


def changed_since(result: Result, policy_file: Path | None, default: Path) -> tuple[Path, list[Text]]:
    """The policy file of a result; and the inputs that nobody can look at again, because they came by standard input.

    Args:
        result: What was read.
        policy_file: Where the policy is now, if not where it was.
        default: The policy that ships with the program.

    Raises:
        InputError: the policy or an input is not there.
        LedgerError: one of them is not the file that the result was computed from.
    """
    tried = [policy_file] if policy_file is not None else [*_where(result, result.policy_file), default]
    policies = [path for path in tried if path.is_file()]
    if not policies:
        raise _missing(result.policy_file, Text("--policy 指明政策文件", "name the policy by --policy"))
    policy = next((path for path in policies if _sha256(path) == result.policy_sha256), None)
    if policy is None:
        raise _changed(str(policies[0]), result)
    unseen = []
    for name, sha256 in result.inputs:
        if name == "-":
            unseen.append(Text("标准输入无法复核", "what came by standard input cannot be looked at again"))
            continue
        found = [path for path in _where(result, name) if path.is_file()]
        if not found:
            raise _missing(name, Text("请在运行 run 的文件夹里登记", "record from the folder in which it was run"))
        if all(_sha256(path) != sha256 for path in found):
            raise _changed(name, result)
    return policy, unseen


def _where(result: Result, name: str) -> list[Path]:
    """Where a file may be that a run named: seen from here, or from the folder of the result."""
    return [Path(name), result.path.parent.joinpath(name)]


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as fault:
        reason = reason_of(fault)
        raise InputError(Text(f"读不了 {path}：{reason.zh}", f"cannot read {path}: {reason.en}")) from fault


def _missing(name: str, way: Text) -> InputError:
    return InputError(
        Text(
            f"找不到 {name}，无法核对它在计算之后是否改动过；{way.zh}",
            f"{name} is not there, so nobody can tell whether it changed since the run; {way.en}",
        )
    )


def _changed(name: str, result: Result) -> LedgerError:
    return LedgerError(
        Text(
            f"{name} 在 {result.path.name} 算出之后改动过；未登记，请重新 run 后登记",
            f"{name} was changed since {result.path.name} was computed; nothing was recorded, run again",
        )
    )
