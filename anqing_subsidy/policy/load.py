"""policy.yaml -> `Policy`: strict, every fault at once, each with its line and how to mend it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from anqing_subsidy.finding import InputError, PolicyError, Text, UsageError
from anqing_subsidy.policy.build import Builder
from anqing_subsidy.policy.clauses import Clause, crossings_of
from anqing_subsidy.policy.faults import Faults, nearest
from anqing_subsidy.policy.fold import Folder, options_of
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.policy.reader import Reader
from anqing_subsidy.policy.reads import parts_read, refs_behind
from anqing_subsidy.policy.schema import PolicyDoc
from anqing_subsidy.policy.standard import with_standard
from anqing_subsidy.policy.terms import OverChildren
from anqing_subsidy.policy.yamltree import read_tree


def default_policy_path() -> Path:
    """The policy that ships with the package (beside it in a checkout)."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "policy.yaml"
    return inside if inside.exists() else package.parent / "policy.yaml"


def load_policy(path: Path | str | None = None, settings: Mapping[str, str] | None = None) -> Policy:
    """Load a policy under a choice of readings.

    Args:
        path: the policy file; None is the one that ships with the package.
        settings: options of readings that differ from the default, `{"c3_base": "excess"}`.

    Raises:
        InputError: the file is missing.
        PolicyError: the file has faults; all of them are listed with their lines.
        UsageError: a setting names no reading, or no option of it.
    """
    file = Path(path) if path is not None else default_policy_path()
    try:
        data = file.read_bytes()
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise InputError(
            Text(f"读不到政策文件 {file}: {reason}", f"cannot read the policy file {file}: {reason}")
        ) from fault
    return parse_policy(data, str(file) if path is not None else file.name, settings or {})


def parse_policy(data: bytes, file: str, settings: Mapping[str, str]) -> Policy:
    """The same from bytes; `file` names them in messages."""
    faults = Faults()
    tree = read_tree(data, faults)
    if tree is None:
        raise PolicyError(file, faults.found)
    tree = with_standard(tree)
    options = options_of(tree)
    chosen = {name: values[0] for name, values in options.items()} | _checked(settings, options)
    folder = Folder(chosen, options, faults)
    doc = Reader(faults).entry(PolicyDoc, folder.fold(tree))
    policy = Builder(doc, folder, faults).build(file, hashlib.sha256(data).hexdigest(), chosen)
    if faults.found:
        raise PolicyError(file, faults.found)
    clauses = {
        id_: replace(clause, readings=_readings_behind(clause, policy, doc)) for id_, clause in policy.clauses.items()
    }
    return replace(policy, clauses=clauses)


def _checked(settings: Mapping[str, str], options: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    for name, value in settings.items():
        if name not in options:
            hint = nearest(name, options)
            raise UsageError(Text(f"没有名为 {name} 的口径{hint.zh}", f"there is no reading `{name}`{hint.en}"))
        if value not in options[name]:
            listing = ", ".join(options[name])
            raise UsageError(
                Text(
                    f"口径 {name} 没有选项 {value}，可选: {listing}",
                    f"reading `{name}` has no option `{value}`; options: {listing}",
                )
            )
    return dict(settings)


def _readings_behind(clause: Clause, policy: Policy, doc: PolicyDoc) -> tuple[str, ...]:
    """The readings that can change a clause: its own, those of its facts, of what is first, of claimants, of groups."""
    found = list(clause.readings)
    tables = {clause.table}
    for ref in refs_behind(parts_read(clause), policy.facts):
        if ref in policy.facts:
            found.extend(doc.facts[ref.table][ref.id].tree.readings)
            how = policy.facts[ref].how
            if isinstance(how, OverChildren):
                tables.add(how.child)
    if crossings_of(clause.award) and doc.history is not None:
        found.extend(doc.history.tree.readings)
    for table, rule in doc.one_claimant.items():
        if table in tables:
            found.extend(rule.tree.readings)
    inside = {clause.id}
    for group in doc.groups:
        if inside & set(group.members):
            inside.add(group.id)
            found.extend(group.tree.readings)
    if doc.other_support is not None:
        found.extend(doc.other_support.tree.readings)
    return tuple(dict.fromkeys(found))
