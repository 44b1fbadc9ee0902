"""The verifier of placements: what stands where, judged from the facility, the requests and the answer alone."""

from capalloc.verify.placed.verdict import overloaded, verify_placed

__all__ = ["overloaded", "verify_placed"]
