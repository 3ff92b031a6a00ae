"""Scenarios of giving: gifts, promises, and what comes of them."""
