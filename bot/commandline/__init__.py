"""The commands that are more than a start: one file for each."""
