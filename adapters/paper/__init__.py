"""Letters and documents as PDF, tagged for readers and archives, and what a print house needs."""
