"""The nurse's workstation: server-rendered pages, live updates, audio."""
