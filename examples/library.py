"""Reads `simple.xlsx` and prints what each applicant gets."""

from pathlib import Path

from anqing_subsidy import assess, load_policy, read_tables
from anqing_subsidy.money import grouped

policy = load_policy()
tables = read_tables([Path(__file__).with_name("simple.xlsx")], policy)
result = assess(policy, tables)

for applicant in result.applicants.iter_rows(named=True):
    print(f"{applicant['name']}: {grouped(applicant['total'])}")
