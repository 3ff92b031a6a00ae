"""What licences brought, shared by a rule that was known before: rules, statements and people's choices."""
