"""Releases of a project, the licence that each came out under, and the day from which it is open."""
