// The period that map and power tree show: a slider, and play.

const PLAY_MS = 600;
/** What is said anew in every period: not while periods run by, but once they stand still. */
const SAID = ["map-says"];

function hush(playing) {
  for (const said of SAID.map(byId)) {
    said.setAttribute("aria-live", playing ? "off" : "polite");
    if (!playing) said.textContent = String(said.textContent);
  }
}

function startTimeline() {
  const slider = byId("period"), play = byId("play");
  let timer = 0;
  slider.max = report.periods.length - 1;
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    play.setAttribute("aria-pressed", "false");
    play.textContent = "▶ Play";
    hush(false);
  };
  const step = () => choose("period", (chosen.period + 1) % report.periods.length);
  const start = () => {
    timer = setInterval(step, PLAY_MS);
    play.setAttribute("aria-pressed", "true");
    play.textContent = "❚❚ Pause";
    hush(true);
  };
  slider.addEventListener("input", () => choose("period", Number(slider.value)));
  play.addEventListener("click", () => (timer ? stop() : start()));
  hear("period", (t) => {
    slider.value = t;
    slider.setAttribute("aria-valuetext", report.periods[t].label);
    byId("period-label").textContent = report.periods[t].label;
  });
}
