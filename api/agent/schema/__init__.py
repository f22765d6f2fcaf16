"""Kaman in OpenAPI: what is answered (models.py) and every operation (operations.py)."""
