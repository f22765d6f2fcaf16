"""A client library for accessing Guildhall: Skills Fleet"""

from .client import AuthenticatedClient, Client

__all__ = (
    "AuthenticatedClient",
    "Client",
)
