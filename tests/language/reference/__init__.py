"""A second evaluator of policies: slow, row by row, in fractions, written from docs/policy-language.md alone.

It reads the plain tree of a policy file and typed rows, shares no line of code with the package, and says of every line
its status, its amount and the funds that pay it. `python -m tests.language.reference --seeds 20000` compares the two on
random policies.
"""
