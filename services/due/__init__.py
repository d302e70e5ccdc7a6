"""What is due of whom, by when, and which decisions wait. Pure."""
