"""When, and again if it fails: Prefect flows as thin as sentences. Nothing here decides law."""
