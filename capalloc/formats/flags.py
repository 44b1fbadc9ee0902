"""Flags as people write them: ``yes`` and ``no``."""

from __future__ import annotations

from dataclasses import replace

from capalloc.formats.node import Node

_FLAG_KEYS = ("firm", "homogeneous", "contingency", "prospects")
_FLAGS = {"yes": True, "no": False}


def with_flags(node: Node) -> Node:
    """The tree with ``yes`` and ``no`` as people write them for flags."""
    if isinstance(node.content, list):
        return replace(node, content=[with_flags(child) for child in node.content])
    if not isinstance(node.content, dict):
        return node
    return replace(node, content={key: _flag(key, with_flags(child)) for key, child in node.content.items()})


def _flag(key: str, node: Node) -> Node:
    if key in _FLAG_KEYS and isinstance(node.content, str) and node.content in _FLAGS:
        return replace(node, content=_FLAGS[node.content])
    return node
