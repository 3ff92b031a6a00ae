"""Intents: a need with a deadline, offers for it, claims of work without money, and contests."""
