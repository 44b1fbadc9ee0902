"""Quotas, flavours and topology for Kueue (v1beta2), a set of manifests for each period.

Source: kueue.x-k8s.io/v1beta2, kubernetes-sigs/kueue v0.19.2, ``config/components/crd/bases``.
"""

from __future__ import annotations

from capalloc.exports.kueue.files import kueue_files
from capalloc.exports.kueue.notes import kueue_notes

__all__ = ["kueue_files", "kueue_notes"]
