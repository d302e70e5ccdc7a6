"""Writing a message, handing it over, and reading what mail servers say of it."""
