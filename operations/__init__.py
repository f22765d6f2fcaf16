"""The operator's room: back up and restore, tell what is wrong, and what the processes count."""
