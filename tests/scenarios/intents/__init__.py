"""Calls for offers, claims, contests and members who could answer, from outside."""
