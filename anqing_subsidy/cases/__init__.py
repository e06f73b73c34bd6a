"""Cases of a policy: YAML beside it that says what is given and what must come out; run like tests."""
