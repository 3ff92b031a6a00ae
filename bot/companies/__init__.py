"""The pages on which companies sign and say who acts for them."""
