"""Tenants, people, keys and the audit log in the admin, and (desk.py) what all other admin pages share."""

from accounts.admin import audit as audit
from accounts.admin import keys as keys
from accounts.admin import people as people
from accounts.admin import tokens as tokens
