"""Doors: verify, keep, answer. They know nothing of what follows."""
