"""A plan for Slurm: nodes, node sets, partitions, the tree of switches, dated reservations."""

from capalloc.exports.slurm.files import NAMES, slurm_files

__all__ = ["NAMES", "slurm_files"]
