"""What a request for capacity costs: does it fit, from when, at what floor, who gives way, what else to offer."""

from capalloc.analysis.quote.answer import quote, quote_from
from capalloc.analysis.quote.asked import asked_for, doubts_of, load_request
from capalloc.schema.quoted import Quoted

__all__ = ["Quoted", "asked_for", "doubts_of", "load_request", "quote", "quote_from"]
