"""Paying those who build: who gets what of a request's money, how it is sent, and what can go wrong."""
