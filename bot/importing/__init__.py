"""Signatures from other tools, and the way out."""
