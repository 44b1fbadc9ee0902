"""What may be signed where dates and tenants are not sure: so much, from so early, at so low a price."""

from capalloc.analysis.promise.answer import fared_from, promise, promise_from, require_confidence
from capalloc.schema.promised import Promised

__all__ = ["Promised", "fared_from", "promise", "promise_from", "require_confidence"]
