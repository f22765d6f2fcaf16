"""A client library for accessing Guildhall: Kaman skills"""

from .client import AuthenticatedClient, Client

__all__ = (
    "AuthenticatedClient",
    "Client",
)
