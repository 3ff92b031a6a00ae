"""Companies: they sign for whom they list, and each person whom they list acknowledges it once."""
