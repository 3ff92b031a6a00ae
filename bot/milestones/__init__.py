"""Milestones of repositories, as facts heard from GitHub."""
