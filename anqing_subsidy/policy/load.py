"""policy.yaml -> `Policy`: strict, every fault at once, each with its line and how to mend it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from anqing_subsidy.finding import InputError, PolicyError, PolicyFault, Text, UsageError, reason_of
from anqing_subsidy.policy.build import Builder
from anqing_subsidy.policy.clauses import Clause, crossings_of
from anqing_subsidy.policy.derivations import OverChildren
from anqing_subsidy.policy.faults import Faults, nearest
from anqing_subsidy.policy.fold import Folder, options_of
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.policy.reader import Reader
from anqing_subsidy.policy.reads import parts_read, refs_behind
from anqing_subsidy.policy.schema import PolicyDoc
from anqing_subsidy.policy.standard import with_standard
from anqing_subsidy.policy.yamltree import YamlMap, read_tree


def default_policy_path() -> Path:
    """The policy that ships with the package (beside it in a checkout)."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "policy.yaml"
    return inside if inside.exists() else package.parent / "policy.yaml"


def load_policy(path: Path | str | None = None, settings: Mapping[str, str] | None = None) -> Policy:
    """Load a policy file under a choice of readings; None is the policy that ships with the package.

    Raises:
        InputError: the file is missing.
        PolicyError: the file has faults; all of them are listed with their lines.
        UsageError: a setting names no reading, or no option of it.
    """
    return open_policy(path).under(settings or {})


def open_policy(path: Path | str | None = None) -> PolicySource:
    """Read a policy file without building it; None is the one that ships with the package.

    Raises:
        InputError: the file is missing.
        PolicyError: it is no YAML that a policy can be written in.
    """
    file = Path(path) if path is not None else default_policy_path()
    try:
        data = file.read_bytes()
    except OSError as fault:
        reason = reason_of(fault)
        hint = nearest(file.name, sorted(other.name for other in file.parent.glob("*.yaml") if not file.exists()))
        raise InputError(
            Text(
                f"读不到政策文件 {file}: {reason.zh}{hint.zh}",
                f"cannot read the policy file {file}: {reason.en}{hint.en}",
            )
        ) from fault
    return source_of(data, str(file) if path is not None else file.name)


def source_of(data: bytes, file: str) -> PolicySource:
    """The same from bytes; `file` names them in messages."""
    faults = Faults()
    tree = read_tree(data, faults)
    if tree is None:
        raise PolicyError(file, faults.found)
    return PolicySource(file, hashlib.sha256(data).hexdigest(), with_standard(tree), tuple(faults.found))


def parse_policy(data: bytes, file: str, settings: Mapping[str, str]) -> Policy:
    """The same as `load_policy` from bytes; `file` names them in messages."""
    return source_of(data, file).under(settings)


@dataclass(frozen=True)
class Loaded:
    """A policy under one choice of readings, and the document that it was built from, which knows the lines."""

    policy: Policy
    doc: PolicyDoc


@dataclass(frozen=True)
class PolicySource:
    """A policy file that was read once, to be built under any choice of readings: `tree` is what it says.

    `faults` are those of its YAML; they are told with those of its meaning.
    """

    file: str
    sha256: str
    tree: YamlMap
    faults: tuple[PolicyFault, ...] = ()

    @property
    def options(self) -> Mapping[str, tuple[str, ...]]:
        """The readings, each with its options; the first is in force."""
        return options_of(self.tree)

    def under(self, settings: Mapping[str, str]) -> Policy:
        """The policy under a choice of readings.

        Raises:
            PolicyError: the file has faults; all of them are listed with their lines.
            UsageError: a setting names no reading, or no option of it.
        """
        return self.loaded(settings).policy

    def loaded(self, settings: Mapping[str, str]) -> Loaded:
        """The same with the document."""
        faults = Faults()
        faults.found.extend(self.faults)
        chosen = {name: values[0] for name, values in self.options.items()} | _checked(settings, self.options)
        folder = Folder(chosen, self.options, faults)
        doc = Reader(faults).entry(PolicyDoc, folder.fold(self.tree))
        policy = Builder(doc, folder, faults).build(self.file, self.sha256, chosen)
        if faults.found:
            raise PolicyError(self.file, faults.found)
        clauses = {
            id_: replace(clause, readings=_readings_behind(clause, policy, doc))
            for id_, clause in policy.clauses.items()
        }
        return Loaded(replace(policy, clauses=clauses), doc)


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
    for shared in (doc.other_support, doc.every_clause):
        if shared is not None:
            found.extend(shared.tree.readings)
    return tuple(dict.fromkeys(found))
