"""What we say: templates and facts in, letters out. Pure."""
