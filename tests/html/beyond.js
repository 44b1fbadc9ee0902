// What ends beyond the window where the page is wider than it, the innermost first: boxes, and text that leaves its box.
() => {
  const most = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= most) return [];
  const clipped = (one) => one && (getComputedStyle(one).overflowX !== "visible" || clipped(one.parentElement));
  const end = (one) => one.getBoundingClientRect().left + Math.max(one.getBoundingClientRect().width, one.scrollWidth);
  const wide = [...document.body.querySelectorAll("*")].filter((one) => end(one) > most + 0.5 && !clipped(one));
  const shown = wide.reverse().map((one) => one.outerHTML.slice(0, 120));
  return [`${document.documentElement.scrollWidth} of ${most}`, ...shown].slice(0, 8);
}
