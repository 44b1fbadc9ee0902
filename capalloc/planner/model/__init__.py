"""Columns, the rows of each rule, and the models over classes and pools."""
