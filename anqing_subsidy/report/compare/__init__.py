"""Two assessments, every reading, or the values of a parameter side by side: tables, JSON, workbooks with a chart."""
