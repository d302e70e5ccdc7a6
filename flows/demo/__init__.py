"""The demonstration: a story replayed through the real flows, and the pages that show it."""
