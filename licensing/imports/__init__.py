"""Signatures from other tools and back: their files read and written, and what waits for approval."""
