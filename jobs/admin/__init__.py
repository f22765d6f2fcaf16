"""Jobs in the admin: the inbox of what waits for people (inbox.py), and the jobs themselves (jobs.py)."""

from jobs.admin import inbox as inbox
from jobs.admin import jobs as jobs
