"""The category tree in the admin: the tree itself, the page of a category, and the pages on which one moves."""

from taxonomy.admin.categories import CategoryAdmin

__all__ = ["CategoryAdmin"]
