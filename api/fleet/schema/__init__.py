"""Skills Fleet in OpenAPI: what is read where no serializer says it all (bodies.py), what is answered (models/), what
streams say (models/events.py), and every operation (operations.py)."""
