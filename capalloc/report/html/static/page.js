// What all scripts share: the report's data, what the reader has chosen, and who wants to hear of it.

const report = JSON.parse(document.getElementById("data").textContent);

/** @type {Record<string, unknown>} */
const chosen = {};

/** @type {Record<string, Array<(value: any) => void>>} */
const hearers = {};

/** Hear of a choice: `period` (a number), `thing` ({kind, name} or null), `theme`. */
function hear(choice, hearer) {
  (hearers[choice] ??= []).push(hearer);
}

/** Choose, and tell all who want to hear. */
function choose(choice, value) {
  if (chosen[choice] === value) return;
  chosen[choice] = value;
  for (const hearer of hearers[choice] ?? []) hearer(value);
}

function byId(id) {
  return document.getElementById(id);
}

/** The colour of a style variable as it is now; before paper is printed, as it will be there. */
function shade(name) {
  if (chosen.theme === "paper") return report.paper[name];
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
