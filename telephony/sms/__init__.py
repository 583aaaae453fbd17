"""What every SMS vendor shares: counting segments, and where texts that come in go."""
