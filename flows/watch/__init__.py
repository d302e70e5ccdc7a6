"""The watch on the watch: looks at everything and raises the alarm by mail, in Prefect and beside it."""
