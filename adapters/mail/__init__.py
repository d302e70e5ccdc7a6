"""Mail that goes out by SMTP, and mail that comes in."""
