"""The roadmap: what people ask for, their votes and other signals, and what becomes of it."""
