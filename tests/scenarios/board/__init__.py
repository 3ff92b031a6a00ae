"""The board from outside: moves through every door, and what GitHub shows of them."""
