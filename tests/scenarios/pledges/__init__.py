"""Scenarios of promises: campaigns, acceptance, and every way in which a request can end."""
