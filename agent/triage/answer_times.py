"""What answers call then and now, for the patterns that set the one against the other."""

FORMERLY = "以前|之前|从前|原来"
NOW = "现在|今天|这[几两]天|后来"
