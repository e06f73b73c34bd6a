"""The ledger of awards paid: one SQLite file, added to and never changed, read by runs of later years."""
