// The bar on top of the page: what is scrolled to stands below it, however many lines it has.

const bar = document.querySelector(".bar");

function startBar() {
  new ResizeObserver(keepBelowBar).observe(bar);
}

function keepBelowBar() {
  document.documentElement.style.scrollPaddingTop = `${bar.offsetHeight + 8}px`;
}
