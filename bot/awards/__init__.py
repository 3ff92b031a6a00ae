"""What becomes of a request's money for those who built it: who gets what, owing it, taking it back."""
