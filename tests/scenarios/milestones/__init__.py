"""Scenarios of their subject, through the real door."""
