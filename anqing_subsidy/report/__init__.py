"""Assessment -> terminal, workbook, JSON, CSV, Parquet; one file an output."""
