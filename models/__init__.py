"""What happened: frozen values, the vocabulary of the timeline, and the rows that keep it."""
