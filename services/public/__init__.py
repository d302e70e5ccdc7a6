"""Telling the public, where letters do not reach (Article 34(3)(c))."""
