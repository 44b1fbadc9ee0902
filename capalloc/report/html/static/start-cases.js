startTheme();
startCases();
document.documentElement.dataset.ready = "true";
