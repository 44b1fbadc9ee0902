"""A plan for Slurm: nodes, node sets, partitions, the tree of switches, layers of power, dated reservations."""

from capalloc.exports.slurm.files import NAMES, SlurmFiles, SlurmParams, slurm_files

__all__ = ["NAMES", "SlurmFiles", "SlurmParams", "slurm_files"]
