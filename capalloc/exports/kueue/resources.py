"""What Kubernetes calls the accelerators of a rack type."""

from __future__ import annotations

from capalloc.schema.hardware import RackType

_NVIDIA = "nvidia.com/gpu"
_OTHERS = (
    ("mi", "amd.com/gpu"),
    ("instinct", "amd.com/gpu"),
    ("gaudi", "habana.ai/gaudi"),
    ("tpu", "google.com/tpu"),
    ("trainium", "aws.amazon.com/neuron"),
    ("trn", "aws.amazon.com/neuron"),
)
"""How names of accelerators begin, and the resource that the maker's device plugin gives them."""


def resource_of(rack_type: RackType) -> str:
    """The extended resource by which pods ask for its accelerators; NVIDIA's where the name tells nothing else."""
    words = rack_type.gpu.lower().replace("-", " ").replace("_", " ").split()
    for word in words:
        for begins, resource in _OTHERS:
            if word.startswith(begins) and (begins != "mi" or word[2:3].isdigit()):
                return resource
    return _NVIDIA
