// The legend of the map, with how many positions count as what in the chosen period; an entry lights up its cells.

const mapKeys = { colouring: "", entries: [] };

function showKeys() {
  if (mapKeys.colouring !== map.colouring) {
    mapKeys.colouring = map.colouring;
    mapKeys.entries = COLOURINGS[map.colouring].entries.map(keyOf);
    byId("map-keys").replaceChildren(...mapKeys.entries.map((key) => key.item));
  }
  const counts = countedEntries();
  COLOURINGS[map.colouring].entries.forEach(({ thing }, e) => {
    const { item, number, button } = mapKeys.entries[e];
    number.textContent = ` ${count(counts[e])}`;
    item.classList.toggle("none", !counts[e]);
    button.setAttribute("aria-pressed", String(sameThing(chosen.thing, thing)));
  });
}

/** How many positions count as each entry of the legend in the chosen period. */
function countedEntries() {
  const t = chosen.period, { entries, of } = COLOURINGS[map.colouring], counts = new Array(entries.length).fill(0);
  statesAt(t).forEach((state, p) => counts[of(p, state, t)]++);
  return counts;
}

/** An entry of the legend: its line, the place of its number, its button. */
function keyOf({ label, shades, thing }) {
  const item = document.createElement("li"), button = document.createElement("button"), number = document.createElement("b");
  button.type = "button";
  button.className = "key";
  button.append(...shades.map(swatchOf), bdiOf(label), number);
  button.addEventListener("click", () => choose("thing", sameThing(chosen.thing, thing) ? null : thing));
  item.append(button);
  return { item, number, button };
}

/** An entry of a legend that lights up nothing. */
function plainKeyOf(label, name) {
  const item = document.createElement("li");
  item.append(swatchOf(name), bdiOf(label));
  return item;
}

function swatchOf(name) {
  const swatch = document.createElement("span");
  swatch.className = `swatch shade-${name}`;
  return swatch;
}

function bdiOf(text) {
  return Object.assign(document.createElement("bdi"), { textContent: text });
}
