"""From a discharge to dated contacts, and what changes them later: tier, red alarms, readings."""
