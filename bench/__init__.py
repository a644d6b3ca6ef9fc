"""How fast webhooks are answered, measured against a bare application on the same server."""
