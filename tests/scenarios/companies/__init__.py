"""Companies that sign a text of their own."""
