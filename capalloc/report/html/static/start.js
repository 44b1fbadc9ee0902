startTheme();
startTimeline();
startCharts();
choose("period", 0);
document.documentElement.dataset.ready = "true";
