"""The world as the services see it: what they ask of it, and never how it is done."""
