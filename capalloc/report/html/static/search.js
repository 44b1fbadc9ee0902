// Search: names of all things of the site; what is chosen lights up everywhere.

const FOUND_MOST = 12, FOUND_OF_KIND = 3;
const SEARCH_KINDS = [
  ["demand", "Demand", () => floor.demands], ["tenant", "Tenant", () => [...new Set(Object.values(floor.tenants))]],
  ["hall", "Hall", () => floor.halls], ["row", "Row", () => floor.rows], ["block", "Fabric block", () => floor.blocks],
  ["node", "Power node", () => tree.names], ["type", "Rack type", () => floor.types],
  ["rack", "Rack", () => floor.racks], ["position", "Position", () => floor.positions],
];
const search = { field: byId("search"), list: byId("found"), says: byId("found-says"), found: [], active: -1, known: null };

function startSearch() {
  search.field.addEventListener("input", showFound);
  search.field.addEventListener("focus", showFound);
  search.field.addEventListener("blur", hideFound);
  search.field.addEventListener("keydown", keyInSearch);
  // A press in the list leaves the field its focus, so that the list is still there when the press ends.
  search.list.addEventListener("pointerdown", (event) => event.preventDefault());
  search.list.addEventListener("click", (event) => {
    const line = event.target.closest("[data-found]");
    if (line) chooseFound(Number(line.dataset.found));
  });
  byId("clear").addEventListener("click", () => choose("thing", null));
  hear("thing", showChosen);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) choose("thing", null);
  });
}

function showChosen(thing) {
  const clear = byId("clear");
  clear.hidden = !thing;
  if (thing) clear.textContent = `✕ ${thingWords(thing)}`;
  else search.field.value = "";
}

/** A name as it is compared: in small letters, without accents, with single spaces. */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").trim().toLowerCase().replace(/\s+/g, " ");
}

/** All names, each with its kind. */
function namesKnown() {
  return (search.known ??= SEARCH_KINDS.flatMap(([kind, label, names]) =>
    names().map((name) => ({ kind, label, name, low: plain(name) }))));
}

/** Things whose name has the text: those that are it first, then those that begin with it. */
function thingsNamed(text) {
  const wanted = plain(text), tiers = [[], [], []];
  if (!wanted) return [];
  for (const one of namesKnown()) {
    const at = one.low.indexOf(wanted);
    if (at >= 0) tiers[one.low === wanted ? 0 : at === 0 ? 1 : 2].push(one);
  }
  return tiers.flat();
}

function showFound() {
  const all = thingsNamed(search.field.value);
  search.found = someOfEach(all);
  search.active = -1;
  search.list.replaceChildren(...search.found.map(lineOf));
  const asked = search.field.value.trim() !== "";
  search.says.textContent = asked ? foundWords(all.length) : "";
  setOpen(asked);
}

/** Few enough to look through: some of each kind, then those that come first. */
function someOfEach(all) {
  const counts = {}, shown = new Set();
  for (const one of all) if ((counts[one.kind] = (counts[one.kind] ?? 0) + 1) <= FOUND_OF_KIND) shown.add(one);
  for (const one of all) if (shown.size < FOUND_MOST) shown.add(one);
  return all.filter((one) => shown.has(one)).slice(0, FOUND_MOST);
}

function foundWords(found) {
  if (!found) return "Nothing of that name";
  return found > FOUND_MOST ? `${count(FOUND_MOST)} of ${count(found)} found` : `${count(found)} found`;
}

function lineOf({ label, name }, i) {
  const line = document.createElement("li"), kind = document.createElement("span");
  line.id = `found-${i}`;
  line.dataset.found = i;
  line.setAttribute("role", "option");
  line.setAttribute("aria-selected", "false");
  kind.textContent = label;
  line.append(bdiOf(name), kind);
  return line;
}

function setOpen(open) {
  byId("found-box").hidden = !open;
  search.field.setAttribute("aria-expanded", String(open && search.found.length > 0));
  if (!open) search.field.removeAttribute("aria-activedescendant");
}

function hideFound() {
  setOpen(false);
}

function keyInSearch(event) {
  const open = !byId("found-box").hidden, last = search.found.length - 1;
  if (event.key === "ArrowDown") setActive(search.active >= last ? 0 : search.active + 1);
  else if (event.key === "ArrowUp") setActive(search.active <= 0 ? last : search.active - 1);
  else if (event.key === "Enter") chooseFound(Math.max(0, search.active));
  else if (event.key === "Escape" && open) hideFound();
  else return;
  event.preventDefault();
}

function setActive(i) {
  if (byId("found-box").hidden) showFound();
  search.active = Math.min(i, search.found.length - 1);
  [...search.list.children].forEach((line, n) => line.setAttribute("aria-selected", String(n === search.active)));
  if (search.active < 0) return;
  search.field.setAttribute("aria-activedescendant", `found-${search.active}`);
  search.list.children[search.active].scrollIntoView({ block: "nearest" });
}

/** Choose a thing that was found, and bring the map into sight. */
function chooseFound(i) {
  const one = search.found[i];
  if (!one) return;
  search.field.value = one.name;
  hideFound();
  choose("thing", { kind: one.kind, name: one.name });
  keepBelowBar();
  byId("floor").scrollIntoView({ block: "start" });
}
