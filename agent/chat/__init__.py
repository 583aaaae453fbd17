"""Conversations by message, whatever channel carries them."""
