// Clicks, chooses and hovers all that can be in each section; of one kind the `first` only, of options twice as many and the last.
async (first) => {
  const rest = () => new Promise((done) => setTimeout(done, 0));
  const seen = (one) => one.isConnected && !one.disabled && one.getClientRects().length > 0;
  const kinds = "button, summary, select, input, a[href^='#'], [role=tab], [role=treeitem], [role=button], canvas";
  for (const section of document.querySelectorAll("header, nav, main > section")) {
    const counted = {};
    for (const one of [...section.querySelectorAll(kinds)].filter(seen)) {
      const kind = `${one.tagName} ${one.className}`;
      counted[kind] = (counted[kind] ?? 0) + 1;
      if (counted[kind] > first || !one.isConnected) continue;
      if (one.matches("select, input")) {
        const all = one.options ? [...one.options].map((option) => option.value) : [one.max || "a", ""];
        for (const value of new Set([...all.slice(0, 2 * first), all.at(-1)])) {
          one.value = value;
          for (const type of ["input", "change"]) one.dispatchEvent(new Event(type, { bubbles: true }));
          await rest();
        }
      }
      const { left, top, width, height } = one.getBoundingClientRect();
      const at = { bubbles: true, clientX: left + width / 2, clientY: top + height / 2 };
      for (const type of ["pointermove", "pointerdown", "pointerup", "pointerleave"]) {
        one.dispatchEvent(new PointerEvent(type, at));
      }
      one.click();
      await rest();
    }
  }
  await new Promise((done) => setTimeout(done, 100));
}
