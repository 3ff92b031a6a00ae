"""All endpoints of the API, for the composition root."""

from bot.api import audit, funding, licences, pages, roadmap, steering, updates
from bot.api.frame import blueprint

ENDPOINTS = (pages, roadmap, steering, funding, updates, licences, audit)
"""Importing them here is what puts them onto the blueprint."""

__all__ = ["ENDPOINTS", "blueprint"]
