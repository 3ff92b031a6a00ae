"""Money owed to people: who gets what of a reward, how it is sent, and what becomes of the rest."""
