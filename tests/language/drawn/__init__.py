"""Random policies, always in the grammar of docs/policy-language.md, and random rows at and around their thresholds."""
