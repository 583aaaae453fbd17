"""The Chinese SMS vendors on loopback: their published signatures, limits, refusals and pushes, made anew here so that
the adapters are held against the description and not against themselves."""
