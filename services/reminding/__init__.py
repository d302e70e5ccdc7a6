"""Whoever must act is reminded, until they answer or somebody else is called."""
