"""What money can be promised for: a request, one person's offer to do it, or a milestone."""
