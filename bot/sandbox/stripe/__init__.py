"""A Stripe of one's own behind real HTTP: payments, refunds, disputes, Connect and a checkout page."""
