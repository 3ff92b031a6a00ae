"""Ranking: each person orders what they voted for; what all orders say is a signal of its own."""
