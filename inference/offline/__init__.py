"""The rooms of the offline writer: it reads, asks, plans and composes by rules and tables."""
