"""Organisations whose members give in their name, and what they may promise in a month."""
