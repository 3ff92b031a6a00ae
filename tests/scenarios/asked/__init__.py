"""What projects ask for: appeals, memberships, and what people would give."""
