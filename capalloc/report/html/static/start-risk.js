startTheme();
startRisk();
document.documentElement.dataset.ready = "true";
