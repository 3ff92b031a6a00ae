"""Licences that were sold: files that verify without us, their keys, and what became of each."""
