"""The report as one page that needs nothing beside it."""

from capalloc.report.html.page import report_html

__all__ = ["report_html"]
