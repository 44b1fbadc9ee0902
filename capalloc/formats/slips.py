"""Columns that are no label of one's own: slips, other words and other tables' words for what a table could say."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from capalloc.calendar import parse_day
from capalloc.formats.scalar import shown
from capalloc.formats.wording import bare_quantity, last_word, other_unit, unknown_key
from capalloc.spelling import SMALL_SLIP, folded, nearest

OWN = "a label of your own needs another name"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_STARTS = _words(
    "from since start starts starting begin begins beginning after delivery delivered arrival arrives eta due ready "
    "commissioned commissioning energised energized energisation energization"
)
_ENDS = _words(
    "to until till til end ends ending stop stops before through thru expires expiry expiration lapses "
    "decommissioned decommissioning retirement removal removed eol"
)
_DAY_WORDS = _words("date dates dated day month")
_LITTLE_WORDS = _words("on at in is of the go service")
_DATED = _DAY_WORDS | _LITTLE_WORDS | _words("live online valid validity effective active available availability")
"""Words that stand beside a start or an end; most of them alone are a start."""
_NO_SLIPS = ("unit", "units")
"""Words of their own, much as they look like ``until``."""
_POWER = _words("kw mw gw kva mva watt watts kilowatt kilowatts megawatt megawatts")
_LIMITS = _words("capacity limit limits rating rated nameplate max maximum peak power w va")
_DECORATIONS = _words("is has type kind mode value flag name id node")
_NAMING = _words("hall row position rack_type status tenant cooling_zone fabric_block cooling")
"""Columns that name something: beside one, a column named alike says more of it, as ``tenant_id`` beside ``tenant``."""
_DESCRIBED = {"hall": "power cooling", "row": "power", "kind": "supplies cooling racks"}
"""Columns of other tables that mean nothing but themselves, by the tables in which they are a label."""
_OTHER_DAYS = _words(
    "purchase order ordered warranty audit audited inspection inspected installed install installation invoice support "
    "created updated modified seen"
)
"""Words for what happens on a day and leaves a supply in force."""
_FEEDS = _words("feed feeds cord cords")
_SECOND = _words("b 2 two second secondary backup reserve redundant")
_WHICH = _SECOND | _words("one first primary main three third name id node")
"""Words for one of the feeds of a position; others say what a feed is like."""
_PARTED = re.compile(r"(\w+)(?::|=|\s)\s*(\d.*)")
"""How YAML reads ``until:2027-10``, and ``until 2027-10``, in a flow line: as a name without a value."""
_GAP = re.compile(r"\s*[:=]\s*|\s+")
_DIGITS = re.compile(r"(?<=[a-z])(?=\d)")
_OTHER_WORDS = {
    "contingency": "redundant redundancy n_1 n1 2n n_minus_1 contingent survive survives",
    "parent": "fed_by fed_from feeder feed feed_a upstream upstream_node supplied_by supplied_from",
    "max_utilization": "derate derating derated load_factor usable usable_share",
    "static_load_kw": "static fixed_load base_load house_load overhead",
    "failover_kw": "emergency emergency_rating overload overload_rating",
    "firm": "interruptible curtailable non_firm nonfirm",
    "split_a": "share_a a_share split_b share_b load_split",
    "cooling_zone": "cooling_loop thermal_zone",
    "fabric_block": "fabric network_block network_fabric",
    "cooling": "coolant cooled_by",
    "status": "state active is_active",
    "tenant": "dedicated_to reserved_for reserved dedicated lessee",
    "position": "pos place slot",
    "value": "priority weight importance worth",
}
"""By key, other words for it."""
_WITHOUT = {
    ("positions", "day"): "a position has no dates: give them to its power node, its cooling zone or its rack",
    ("requests", "day"): "requests have no dates",
    ("positions", "kw"): "a position has no limit of its own: give it to the node that is its feed_a (rated_kw)",
    ("racks", "kw"): "what a rack draws is said by its rack_type (nameplate_kw, expected_kw, idle_kw)",
}
"""What to do instead, in tables without dates or without limits."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What a table can say."""

    table: str
    known: tuple[str, ...]
    days: tuple[str, ...]
    """Of them, the dates: none, or the first day and the one after the last."""
    numbers: tuple[str, ...]
    """Of them, the numbers."""
    elsewhere: dict[str, tuple[str, ...]]
    """Columns of other tables, with the tables that have them."""


def slip(name: str, columns: Columns, beside: Collection[str] = ()) -> str | None:
    """The sentence on a name that is no label, because it reads like something that the table or another could say.

    ``beside`` are the names that stand beside it: what is said by its own name is not meant by another.
    """
    if not name.strip():
        return "a column has no name"
    if not any(letter.isalpha() for letter in name):
        return f"found {shown(name)} where a name stands; write thousands as 1_000 or 1000"
    parted = _PARTED.fullmatch(name.strip())
    if parted and parted[1] in columns.known:
        return f"unknown key {name!r}; write '{parted[1]}: {parted[2]}', with a colon and a blank"
    meant = parted[1] if parted else name
    words = _words_of(meant)
    if _describes(words, columns.table) or not _NAMING.isdisjoint({*beside} & {*_named(words, columns.known)}):
        return None
    return next(_meanings(meant, words, columns), None)


def unvalued(name: str, known: Collection[str]) -> str | None:
    """The sentence on a key of a template without a value that reads like a known key and its value in one."""
    first, *rest = _GAP.split(name.strip(), maxsplit=1)
    if not rest or first not in known:
        return None
    return f"the key {name!r} has no value; write '{first}: {rest[0]}', with a colon and a blank"


def dated_labels(labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(label, warning) for each label that holds a day: nothing looks at it."""
    for name, value in labels.items():
        try:
            parse_day(value.strip())
        except ValueError:
            continue
        yield name, f"found {shown(value)}, a day under a label, which changes nothing: is another key meant?"


def _words_of(name: str) -> list[str]:
    return _DIGITS.sub("_", folded(name)).split("_")


def _describes(words: list[str], table: str) -> bool:
    """Whether the words are a column of another table that is a plain label here."""
    return table in _DESCRIBED.get("_".join(words), "").split()


def _named(words: list[str], known: tuple[str, ...]) -> Iterator[str]:
    """The keys that the words are other words for, or a part of, or say more of."""
    plain = "_".join(words)
    for key in known:
        if plain in _OTHER_WORDS.get(key, "").split() or plain == key.split("_")[-1] or key == _bare(words):
            yield key
    if near := nearest(plain, known, alike=SMALL_SLIP):
        yield near


def _bare(words: list[str]) -> str:
    return "_".join(word for word in words if word not in _DECORATIONS)


def _meanings(name: str, words: list[str], columns: Columns) -> Iterator[str]:
    """Sentences on a name, what it most likely means first."""
    known = columns.known
    if meant := _synonym(words, columns):
        yield _meant(name, (meant,))
    if _tells_a_day(words, columns):
        yield _day(name, words, columns)
    if other_unit(name, known) or bare_quantity(name, known) or nearest(name, known, alike=SMALL_SLIP):
        yield unknown_key(name, known)
    if _tells_power(words):
        limits = tuple(key for key in columns.numbers if key.split("_")[-1] == "kw")
        limits = limits[:1] if columns.table == "power" else limits
        yield _meant(name, limits) if limits else _instead(name, columns, "kw")
    if last_word(name, known):
        yield unknown_key(name, known)
    other = folded(name)
    if other in columns.elsewhere:
        where = " and ".join(f"{table}.csv" for table in columns.elsewhere[other])
        yield f"unknown key {name!r}; {other!r} is a column of {where}; {OWN}"


def _synonym(words: list[str], columns: Columns) -> str | None:
    """The key of the table that the words are another name of, if any."""
    plain = "_".join(words)
    for key, others in _OTHER_WORDS.items():
        if key in columns.known and plain in others.split():
            return key
    if (bare := _bare(words)) in columns.known:
        return bare
    which = set(words) - _FEEDS
    if "feed_a" in columns.known and len(which) < len(words) and all(len(w) == 1 or w in _WHICH for w in which):
        return "feed_b" if which & _SECOND else "feed_a"
    return None


def _tells_a_day(words: list[str], columns: Columns) -> bool:
    """Whether the words name a day of what the table lists; of a supply most words of time do."""
    said = _without_slips(words)
    if columns.table == "supplies" and said & (_STARTS | _ENDS | _DAY_WORDS) and not said & _OTHER_DAYS:
        return True
    return said <= _STARTS | _ENDS | _DATED and (len(words) > 1 or not said <= _LITTLE_WORDS)


def _without_slips(words: list[str]) -> set[str]:
    """The words; one alone that is a slip of the first or the last day's word is that word."""
    alone = len(words) == 1 and words[0] not in _NO_SLIPS
    meant = nearest(words[0], ("from", "until"), alike=SMALL_SLIP) if alone else None
    return {meant} if meant else set(words)


def _day(name: str, words: list[str], columns: Columns) -> str:
    if not columns.days:
        return _instead(name, columns, "day")
    first, after = columns.days
    said = _without_slips(words)
    if said <= _DAY_WORDS:
        return f"unknown key {name!r}; expected {first!r}, the first day, or {after!r}, the first day after it"
    if said & _ENDS and "until" not in said:
        return f"unknown key {name!r}; did you mean {after!r}, the first day after it?"
    return _meant(name, (after if said & _ENDS else first,))


def _tells_power(words: list[str]) -> bool:
    return "per" not in words and (not _POWER.isdisjoint(words) or _LIMITS.issuperset(words))


def _meant(name: str, keys: Sequence[str]) -> str:
    if len(keys) == 1:
        return f"unknown key {name!r}; did you mean {keys[0]!r}?"
    return f"unknown key {name!r}; expected one of {', '.join(keys)}; {OWN}"


def _instead(name: str, columns: Columns, kind: str) -> str:
    advice = _WITHOUT.get((columns.table, kind))
    return f"unknown key {name!r}; {f'{advice}; ' if advice else ''}{OWN}"
