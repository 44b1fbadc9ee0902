// Dark or light: what the reader's machine prefers, until the button is pressed. Paper is always light.

function startTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;
  const tell = (theme) => choose("theme", theme);
  const now = () => root.dataset.theme ?? (dark.matches ? "dark" : "light");
  byId("theme").addEventListener("click", () => {
    root.dataset.theme = now() === "dark" ? "light" : "dark";
    tell(now());
  });
  dark.addEventListener("change", () => tell(now()));
  addEventListener("beforeprint", () => tell("paper"));
  addEventListener("afterprint", () => tell(now()));
  tell(now());
}
