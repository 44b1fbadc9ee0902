// Figures in words, each with its unit: as the program writes them on its other pages.

const NOTHING = "–";

function fixed(number, digits) {
  const rounded = Number(number.toFixed(digits)) || 0;
  return rounded.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
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
