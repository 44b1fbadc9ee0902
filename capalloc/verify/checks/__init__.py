"""The checks, one a rule, in the order of the rules."""

from __future__ import annotations

from capalloc.schema.rules import Rule
from capalloc.verify.case import Check
from capalloc.verify.checks import (
    availability,
    bring_up,
    buffer,
    compatibility,
    cooling,
    exclusivity,
    failover,
    hand_over,
    isolation,
    locality,
    pins,
    position,
    power,
    ramp,
    spread,
    supply,
    term,
    where,
)

CHECKS: dict[Rule, Check] = {
    Rule.EXCLUSIVITY: exclusivity.check,
    Rule.AVAILABILITY: availability.check,
    Rule.COMPATIBILITY: compatibility.check,
    Rule.WHERE: where.check,
    Rule.POWER: power.check,
    Rule.FAILOVER: failover.check,
    Rule.SUPPLY: supply.check,
    Rule.COOLING: cooling.check,
    Rule.RAMP: ramp.check,
    Rule.BRING_UP: bring_up.check,
    Rule.ISOLATION: isolation.check,
    Rule.LOCALITY: locality.check,
    Rule.SPREAD: spread.check,
    Rule.POSITION: position.check,
    Rule.PINS: pins.check,
    Rule.HAND_OVER: hand_over.check,
    Rule.TERM: term.check,
    Rule.BUFFER: buffer.check,
}
