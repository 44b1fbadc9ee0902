// The text beside the pointer.

const tip = byId("tip");

/** Show lines of text near a point of the window; without lines, hide it. */
function showTip(lines, x = 0, y = 0) {
  tip.hidden = !lines?.length;
  if (tip.hidden) return;
  tip.replaceChildren(...lines.map((line) => Object.assign(document.createElement("div"), { textContent: line })));
  const { width, height } = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(4, Math.min(x + 14, innerWidth - width - 4))}px`;
  tip.style.top = `${y + 18 + height > innerHeight ? Math.max(4, y - height - 12) : y + 18}px`;
}

addEventListener("keydown", (event) => {
  if (event.key === "Escape") showTip(null);
});
