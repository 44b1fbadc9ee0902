"""What can be sold beside a plan: MW, GPUs, racks and lots, now and lastingly, and what keeps the rest."""

from capalloc.analysis.surplus.answer import surplus, surplus_of
from capalloc.schema.surplus import LOTS, Surplus, Terms

__all__ = ["LOTS", "Surplus", "Terms", "surplus", "surplus_of"]
