"""Licences sold: keys, files, seats, and releases with the day from which each is open."""
