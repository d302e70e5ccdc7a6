"""What the database keeps: SQLite or PostgreSQL."""
