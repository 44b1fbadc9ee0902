"""The report as one page that needs nothing beside it."""

from capalloc.report.html.cases import cases_html
from capalloc.report.html.compared import compared_html
from capalloc.report.html.page import report_html
from capalloc.report.html.risk import risk_html

__all__ = ["cases_html", "compared_html", "report_html", "risk_html"]
