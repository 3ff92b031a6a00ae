"""What projects ask for, and who answers: appeals, memberships, and what people would give."""
