"""What stands in the racks of an inventory, as rack types."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from capalloc.formats.library import shipped_rack_type
from capalloc.imports.inventory.mapping import MappingFile
from capalloc.imports.inventory.records import Device, Inventory, RackPlace
from capalloc.imports.inventory.said import said_by_fields
from capalloc.imports.inventory.unmatched import count_words
from capalloc.imports.missing import Tally
from capalloc.schema.hardware import Cooling, RackType

_IDLE_SHARE = 0.2
"""Of what devices draw, where nobody says what they draw idle: about that of the models that ship."""
COOLING: Mapping[str | None, Cooling] = {"air-only": "air", "liquid-only": "liquid", "hybrid": "hybrid"}
_MEND = "say what it is under rack_types in the mapping file, or in a custom field rack_type"


@dataclass(frozen=True, slots=True)
class Unknown:
    """What stands in racks of no known type."""

    words: Mapping[str, int]
    """Names of rack models or devices, with the number of racks."""
    racks: tuple[str, ...]
    """Names of those that have neither."""


class Standing:
    """Finds the rack type of each rack, and keeps those that it found."""

    def __init__(self, inventory: Inventory, mapping: MappingFile, tally: Tally) -> None:
        self._mapping, self._tally = mapping, tally
        self._models = {model.key: model.name for model in inventory.rack_models}
        self._devices: dict[str, list[Device]] = defaultdict(list)
        for device in inventory.devices:
            if device.rack is not None:
                self._devices[device.rack].append(device)
        self._found: dict[str, RackType] = {}
        self._unknown: list[tuple[str | None, str]] = []
        """Of each rack without a type, what would name it, and the rack."""

    @property
    def rack_types(self) -> tuple[RackType, ...]:
        """Every rack type that was found, by name."""
        return tuple(self._found[name] for name in sorted(self._found))

    @property
    def unknown(self) -> Unknown:
        """What stands there and nobody says."""
        words = Counter(word for word, _ in self._unknown if word is not None)
        return Unknown(words, tuple(name for word, name in self._unknown if word is None))

    def stands(self, rack: RackPlace) -> bool:
        """Whether anything stands there, or is to: the rack is active or planned, or has devices."""
        return rack.status in ("active", "planned") or bool(rack.devices) or bool(self._devices.get(rack.key))

    def of(self, rack: RackPlace, said: str | None) -> str | None:
        """Name of the rack's type, by what is said of it, its model, or its devices; None, and counted, without."""
        devices = self._devices.get(rack.key, [])
        kind = self.named(rack, said)
        if kind is not None:
            self._found[kind.name] = kind
            return kind.name
        self._unknown.append((next(self._words(rack, said), None), rack.name))
        kind = _drawn(rack, devices)
        if kind is None:
            self._tally.add("racks of no known rack type", rack.where, f"{_MEND}; until then the position is empty")
            return None
        self._tally.add("racks whose type is a guess from the draws of their devices", rack.where, _MEND)
        self._found[kind.name] = kind
        return kind.name

    def note(self, rack: RackPlace) -> None:
        """Keep what would name the type of a rack that cannot be planned yet, where nobody says it."""
        said = _said_type(rack, self._mapping)
        if self.stands(rack) and self.named(rack, said) is None:
            self._unknown.append((next(self._words(rack, said), None), rack.name))

    def count_unmatched(self, racks: Collection[RackPlace]) -> None:
        """Count the names under ``rack_types`` that neither racks nor devices have, nor anything said of racks.

        Where racks have devices that were not read, because racks say what they are without, any name may be theirs.
        """
        types, unread = self._mapping.rack_types, not self._devices and any(rack.devices for rack in racks)
        if types and not unread:
            words = {words.rack_type for words in self._mapping.racks.values()}
            words |= {word for rack in racks for word in self._words(rack, _said_type(rack, self._mapping))}
            words |= {meant for word, meant in types.items() if word in words and isinstance(meant, str)}
            own = {word for word, kind in types.items() if isinstance(kind, RackType) and kind.name in words}
            count_words("rack_types", (word for word in types if word not in words | own), self._tally)

    def named(self, rack: RackPlace, said: str | None) -> RackType | None:
        """The rack type that is meant by what is said of a rack, by its model, or by its devices."""
        return next((kind for word in self._words(rack, said) if (kind := self._named(word)) is not None), None)

    def _words(self, rack: RackPlace, said: str | None) -> Iterator[str]:
        """What may name its type: what is said of it first, then its model, then its devices."""
        model = self._models.get(rack.model or "", rack.model)
        yield from filter(None, (said, model, *_device_words(self._devices.get(rack.key, []))))

    def _named(self, word: str) -> RackType | None:
        meant = self._mapping.rack_types.get(word, word)
        if isinstance(meant, RackType):
            return meant
        own = next((k for k in self._mapping.rack_types.values() if isinstance(k, RackType) and k.name == meant), None)
        return own or shipped_rack_type(meant)


def needs_devices(inventory: Inventory, mapping: MappingFile) -> bool:
    """Whether, without devices, the type of some rack is not known."""
    standing = Standing(inventory, mapping, Tally())
    return any(
        standing.stands(rack) and standing.named(rack, _said_type(rack, mapping)) is None for rack in inventory.racks
    )


def _said_type(rack: RackPlace, mapping: MappingFile) -> str | None:
    """The rack type that fields and the mapping file say."""
    said = said_by_fields(rack, "racks", mapping, Tally()) | mapping.rack_words.of(rack.name)
    kind: str | None = said.get("rack_type")
    return kind


def _device_words(devices: Iterable[Device]) -> Iterator[str]:
    """What a mapping file may call a rack's devices: the most of a kind first, with their number and without."""
    for model, count in sorted(Counter(device.model for device in devices).items(), key=lambda one: (-one[1], one[0])):
        yield f"{count} x {model}"
        yield model


def _drawn(rack: RackPlace, devices: Iterable[Device]) -> RackType | None:
    """A rack type without GPUs that draws what the power ports of the devices draw."""
    watts = [
        (device.maximum_w or device.allocated_w or 0.0, device.allocated_w or device.maximum_w or 0.0)
        for device in devices
    ]
    nameplate = round(sum(most for most, _ in watts) / 1000, 3)
    expected = min(round(sum(usual for _, usual in watts) / 1000, 3), nameplate)
    if not expected:
        return None
    cooling = COOLING.get(rack.cooling_capability, "air")
    return RackType(
        name=f"rack-{nameplate:g}kw" if expected == nameplate else f"rack-{nameplate:g}kw-{expected:g}kw",
        gpu="none",
        gpus=0,
        nameplate_kw=nameplate,
        expected_kw=expected,
        idle_kw=round(expected * _IDLE_SHARE, 3),
        liquid_fraction=0.0,
        cooling="air" if cooling == "hybrid" else cooling,
        source="draws of the power ports of its devices; idle a fifth of it",
        confidence="assumed",
    )
