"""policy.yaml -> `Policy`: strict, every fault at once, each with its line and how to mend it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from anqing_subsidy.finding import InputError, PolicyError, Text, UsageError
from anqing_subsidy.policy.build import Builder
from anqing_subsidy.policy.fold import Faults, Folder, nearest
from anqing_subsidy.policy.model import ChildCount, ChildSum, Clause, FirstPast, Policy
from anqing_subsidy.policy.reads import readings_of, refs_behind
from anqing_subsidy.policy.schema import check_form
from anqing_subsidy.policy.yamltree import YamlList, YamlMap, read_tree


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
    tree, yaml_faults = read_tree(data)
    if yaml_faults and not tree:
        raise PolicyError(file, yaml_faults)
    faults = Faults()
    faults.found.extend(yaml_faults)
    options = _options(tree)
    chosen = {name: values[0] for name, values in options.items()} | _checked(settings, options)
    folder = Folder(chosen, options, faults)
    doc = check_form(folder.fold(tree), faults)
    if doc is None:
        raise PolicyError(file, faults.found)
    policy = Builder(doc, folder, faults).build(tree, file, hashlib.sha256(data).hexdigest(), chosen)
    if faults.found:
        raise PolicyError(file, faults.found)
    clauses = {
        id_: replace(clause, readings=_readings_behind(clause, policy, tree)) for id_, clause in policy.clauses.items()
    }
    return replace(policy, clauses=clauses)


def _options(tree: YamlMap) -> dict[str, tuple[str, ...]]:
    readings = tree.get("readings")
    if not isinstance(readings, YamlMap):
        return {}
    found = {}
    for name, entry in readings.items():
        options = entry.get("options") if isinstance(entry, YamlMap) else None
        if isinstance(options, YamlMap) and options:
            found[name] = tuple(options)
    return found


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


def _readings_behind(clause: Clause, policy: Policy, tree: YamlMap) -> tuple[str, ...]:
    """The readings that can change a clause: its own, those of its facts, of what is first, of claimants, of groups."""
    found = list(clause.readings)
    raw_facts = tree.get("facts") or YamlMap()
    tables = {clause.table}
    for ref in refs_behind(
        (clause.where, clause.claimed, clause.when, clause.award, clause.declared_award, clause.fund), policy.facts
    ):
        if ref in policy.facts:
            found.extend(readings_of(raw_facts[ref.table][ref.id]))
            how = policy.facts[ref].how
            if isinstance(how, ChildCount | ChildSum):
                tables.add(how.child)
    if isinstance(clause.award.shape, FirstPast):
        found.extend(readings_of(tree.get("history")))
    for table, rule in (tree.get("one_claimant") or {}).items():
        if table in tables:
            found.extend(readings_of(rule))
    groups = tree.get("groups") or YamlList()
    inside = {clause.id}
    for group in groups:
        if inside & set(group["members"]):
            inside.add(group["id"])
            found.extend(readings_of(group))
    found.extend(readings_of(tree.get("other_support")))
    return tuple(dict.fromkeys(found))
