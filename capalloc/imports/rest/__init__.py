"""Inventory systems asked over their REST APIs, which are alike: pages of JSON objects behind a token."""
