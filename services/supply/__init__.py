"""A processor and its controllers: notices with each one's own facts, and what comes back (Article 33(2))."""
