"""What if: one case or many, each planned again from today's plan and compared with it."""

from __future__ import annotations

from capalloc.analysis.whatif.answer import whatif, whatif_from
from capalloc.analysis.whatif.doubts import doubts_of
from capalloc.analysis.whatif.kept import base_file, require_own
from capalloc.analysis.whatif.notation import cases_of
from capalloc.schema.whatif import WhatIf

__all__ = ["WhatIf", "base_file", "cases_of", "doubts_of", "require_own", "whatif", "whatif_from"]
