"""The store on SQLite and PostgreSQL, one file a noun."""
