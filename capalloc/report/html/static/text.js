// Figures in words, each with its unit: as the program writes them on its other pages.

const NOTHING = "–";

/** A number with so many digits and thousands separated; ties go to the even digit, as in Python. */
function fixed(number, digits) {
  return grouped(unsigned(rounded(number, digits)));
}

function rounded(number, digits) {
  const half = Math.abs(number) * 2 ** (digits + 1);
  const text = number.toFixed(digits);
  if (half % 2 !== 1) return text;
  // Only odd multiples of a binary fraction lie between two decimals; toFixed takes the one farther from 0.
  const below = Math.floor(Math.abs(number) * 10 ** digits);
  return below % 2 ? text : ((Math.sign(number) * below) / 10 ** digits).toFixed(digits);
}

function unsigned(text) {
  return /^-[0.]+$/.test(text) ? text.slice(1) : text;
}

function grouped(text) {
  const [whole, fraction] = text.split(".");
  const thousands = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? thousands : `${thousands}.${fraction}`;
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

/** A power in kW, in MW where the largest of those told with it reaches 10 MW. */
function power(kw, largest = kw) {
  return Math.abs(largest) >= 10000 ? `${fixed(kw / 1000, 2)} MW` : `${fixed(kw, 1)} kW`;
}

/** A share as percent, such as `93.1 %`. */
function percent(share, digits = 1) {
  return `${unsigned(rounded(share * 100, digits))} %`;
}

/** Dollars in the scale that leaves at least three significant digits, such as `$43.750B`. */
function usd(amount) {
  const sign = Number(rounded(amount, 0)) < 0 ? "-" : "", size = Math.abs(amount);
  if (size >= 1e9) return `${sign}$${fixed(size / 1e9, 3)}B`;
  if (size >= 1e6) return `${sign}$${fixed(size / 1e6, 3)}M`;
  return `${sign}$${fixed(size, 0)}`;
}

/** Dollars and cents, for unit prices. */
function usdCents(amount) {
  return `${Number(rounded(amount, 2)) < 0 ? "-" : ""}$${fixed(Math.abs(amount), 2)}`;
}

/** The days of the periods from `first` up to, not including, `end`, by their numbers. */
function daysOf(first, end) {
  return `from ${report.periods[first].from} until ${report.periods[end - 1].until}`;
}
