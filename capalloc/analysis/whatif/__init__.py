"""What if: one case or many, each planned again from today's plan and compared with it."""

from __future__ import annotations

from capalloc.analysis.whatif.answer import whatif
from capalloc.schema.whatif import WhatIf

__all__ = ["WhatIf", "whatif"]
