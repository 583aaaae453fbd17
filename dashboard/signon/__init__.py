"""Login through the house's own identity provider (OpenID Connect, code flow with PKCE), beside passwords."""
