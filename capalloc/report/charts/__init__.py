"""Figures: each defined once, as a Vega-Lite chart or as SVG, for the page and for files."""
