"""Signing on the page."""
