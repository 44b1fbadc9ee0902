"""A planned site for NVIDIA's Domain Power Service: its power tree, racks and nodes, with what each may draw.

Source: docs.nvidia.com/datacenter/dps, import format of 0.7 to 0.10 and device specifications.
"""

from __future__ import annotations

from capalloc.exports.dps.files import dps_files

__all__ = ["dps_files"]
