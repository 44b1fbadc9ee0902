"""One thing of a planned site, or the whole: what it is, what hangs on it, load, limits and headroom, who holds it.

``answer.py`` and ``headroom.py`` are asked; nothing is imported here, as ``capalloc plan`` asks the second alone.
"""
