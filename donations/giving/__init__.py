"""Gifts and promises: what was said, under which terms, and what became of it."""
