"""What Stripe tells, in any order and often; `python -m bench shuffles` tells it a thousand times."""
