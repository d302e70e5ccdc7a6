"""Prefect on this machine: its server and our front before it, the worker, and what Prefect itself watches."""
