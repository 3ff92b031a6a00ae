"""The product: conversation, decisions, assembly."""
