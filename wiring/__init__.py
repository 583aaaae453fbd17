"""Pieces of the composition root: which adapter, which rule, which callback. Only server.py and commands import it."""
