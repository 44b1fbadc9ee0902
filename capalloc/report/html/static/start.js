startTheme();
startTimeline();
startCharts();
startFloor();
startPower();
choose("period", 0);
startTables();
startCompare();
document.documentElement.dataset.ready = "true";
