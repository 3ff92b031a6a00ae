"""Paying those who build: choosing and proposing who gets what, sending it, and telling them."""
