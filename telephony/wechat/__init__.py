"""The WeChat official account: callback, API client, messenger."""
