"""Hearing and reading together: from hypotheses and the sound itself to findings and levels."""
