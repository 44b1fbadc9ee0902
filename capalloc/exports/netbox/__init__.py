"""A plan for NetBox: who has which rack, from when until when, as CSV to import or through its API."""

from capalloc.exports.netbox.tables import NAMES, netbox_files

__all__ = ["NAMES", "netbox_files"]
