startTheme();
startTimeline();
startCharts();
startFloor();
startPower();
choose("period", 0);
document.documentElement.dataset.ready = "true";
