"""Scenarios of Stripe: our side of it, and the sandbox that plays its part."""
