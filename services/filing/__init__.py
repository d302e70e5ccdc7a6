"""The notification to the authority: in phases, with its receipts, and what the authority asks (Article 33)."""
