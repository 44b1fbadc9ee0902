// Figures in words, each with its unit: as the program writes them on its other pages.

const NOTHING = "–";

function fixed(number, digits) {
  const rounded = Number(number.toFixed(digits)) || 0;
  return rounded.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

const TURNING = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** A name for use in a sentence: between isolates where signs of it, written from right to left, would turn the rest. */
function apart(name) {
  return TURNING.test(name) ? `\u2068${name}\u2069` : name;
}

/** A whole number with thousands separated. */
function count(number) {
  return fixed(number, 0);
}

/** A number with its noun, such as `1 rack` or `1,200 racks`. */
function plural(number, noun) {
  return `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
}

/** A power in kW, in MW from 10 MW on. */
function power(kw) {
  return Math.abs(kw) >= 10000 ? `${fixed(kw / 1000, 2)} MW` : `${fixed(kw, 1)} kW`;
}

/** A share as percent, such as `93.1 %`. */
function percent(share, digits = 1) {
  return `${fixed(share * 100, digits)} %`;
}

/** Dollars in the scale that leaves at least three significant digits, such as `$43.750B`. */
function usd(amount) {
  const sign = Math.round(amount) < 0 ? "-" : "", size = Math.abs(amount);
  if (size >= 1e9) return `${sign}$${fixed(size / 1e9, 3)}B`;
  if (size >= 1e6) return `${sign}$${fixed(size / 1e6, 3)}M`;
  return `${sign}$${fixed(size, 0)}`;
}

/** The days of the periods from `first` up to, not including, `end`, by their numbers. */
function daysOf(first, end) {
  return `from ${report.periods[first].from} until ${report.periods[end - 1].until}`;
}
