"""A learned second opinion on words that the rules read nothing dangerous from (decision 0005)."""
