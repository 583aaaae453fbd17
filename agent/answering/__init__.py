"""Who or what answered the telephone: pure, on the call's own clock. Knows triage's character table and the model."""
