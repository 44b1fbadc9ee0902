"""The independent verifier: plain Python over the schema, sharing no arithmetic with what it judges."""

from capalloc.verify.checks import CHECKS
from capalloc.verify.money import Recount
from capalloc.verify.placed import overloaded, verify_placed
from capalloc.verify.verdict import recount, verify

__all__ = ["CHECKS", "Recount", "overloaded", "recount", "verify", "verify_placed"]
