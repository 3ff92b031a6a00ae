"""The audit of a clone: what git says of each line, joined with what people granted."""
