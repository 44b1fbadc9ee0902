startTheme();
startTimeline();
startCharts();
startFloor();
startPower();
choose("period", 0);
startTables();
document.documentElement.dataset.ready = "true";
