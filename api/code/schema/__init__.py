"""Claude Code v1 in OpenAPI: what is answered (models.py) and every operation (operations.py)."""
