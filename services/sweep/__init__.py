"""Every minute: what came in, what is due, what must go on."""
