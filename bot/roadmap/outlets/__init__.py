"""Outlets: what goes out of the roadmap to follow it elsewhere: changelog, feeds, badges, a calendar."""
