"""Telling the people concerned: one letter each, never two, and everyone accounted for (Article 34)."""
