"""What Stripe told in a scenario, told again in other orders and often: one ledger comes of it."""
