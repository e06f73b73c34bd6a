"""Copies of workbooks with the findings marked in them: parts are edited where they must be, the rest stays byte for byte."""

from anqing_subsidy.report.annotate.plain import workbook_of
from anqing_subsidy.report.annotate.workbook import annotated

__all__ = ["annotated", "workbook_of"]
