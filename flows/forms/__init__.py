"""How a form asks in Swedish, how its answers are read, and how they are refused."""
