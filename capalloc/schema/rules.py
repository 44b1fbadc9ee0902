"""The rules that a plan must keep. Each has a constraint, a check, a test and a line in the README."""

from __future__ import annotations

from enum import StrEnum


class Rule(StrEnum):
    """Name of a rule as it stands in reports, violations and reasons."""

    EXCLUSIVITY = "exclusivity"
    AVAILABILITY = "availability"
    COMPATIBILITY = "compatibility"
    WHERE = "where"
    POWER = "power"
    FAILOVER = "failover"
    SUPPLY = "supply"
    COOLING = "cooling"
    RAMP = "ramp"
    BRING_UP = "bring-up"
    ISOLATION = "isolation"
    LOCALITY = "locality"
    SPREAD = "spread"
    POSITION = "position"
    PINS = "pins"
    HAND_OVER = "hand-over"
    TERM = "term"
    BUFFER = "buffer"

    @property
    def sentence(self) -> str:
        """The rule in one sentence."""
        return SENTENCES[self]


SENTENCES: dict[Rule, str] = {
    Rule.EXCLUSIVITY: "A rack serves at most one demand at a time.",
    Rule.AVAILABILITY: "A rack serves only while installed, energised and neither in maintenance nor in an outage.",
    Rule.COMPATIBILITY: "A demand takes only rack types it accepts, and one type at a time where it asks for that.",
    Rule.WHERE: "A demand's racks and spares stand only where its `where` says.",
    Rule.POWER: "Every power node stays within rated_kw x max_utilization in normal operation, every period.",
    Rule.FAILOVER: "After the loss of any one contingency node every node outside it stays within its failover_kw.",
    Rule.SUPPLY: "The load of a root stays within the supplies in force, and the site keeps its reserve.",
    Rule.COOLING: "Liquid and air heat stay within each cooling zone's limits.",
    Rule.RAMP: "Delivery meets the committed step, or misses it at a price unless hard; overshoot is below a rack.",
    Rule.BRING_UP: "Newly powered racks and growth of site load stay within the commissioning limits of a period.",
    Rule.ISOLATION: "No rack of another demand stands in a row or hall that an isolated demand uses.",
    Rule.LOCALITY: "A demand occupies a row, block or hall in lots of at least its minimum of one rack type.",
    Rule.SPREAD: "No failure domain of the named kind carries more than its share of a demand.",
    Rule.POSITION: "A delivered rack takes one free, compatible position and stays there.",
    Rule.PINS: "Pinned and frozen assignments are kept.",
    Rule.HAND_OVER: "A rack that changes hands serves nobody for the hand-over time; moves stay within budget.",
    Rule.TERM: "Nothing is delivered before a demand's term begins or after the end that notice gives.",
    Rule.BUFFER: "A demand with a buffer share has that share of idle, compatible racks held for it.",
}
