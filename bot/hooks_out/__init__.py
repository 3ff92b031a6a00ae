"""Webhooks out: what happened is told to addresses that maintainers gave, signed."""
