"""The block that a newcomer sees when everything runs: where to look, who to be, what to paste."""

from __future__ import annotations

from collections.abc import Sequence

from embedded.folder import DataFolder
from embedded.guildhall import HOST


def ready_block(ports: Sequence[int], folder: DataFolder, seconds: float) -> str:
    """ports: of the webs. The demonstration accounts named here are made by `manage.py seed_development`."""
    url, *more = (f"http://{HOST}:{port}" for port in ports)
    site = ", ".join(f"{one}/" for one in (url, *more))
    key, json = "-H 'Authorization: Bearer kam_your_api_key'", "-H 'Content-Type: application/json'"
    task = '{"task_description": "Review pull requests for accessibility problems"}'
    return f"""
Guildhall is ready after {seconds:.1f} s. Ctrl-C stops everything; the data stay.

  Site       {site}
  Admin      {url}/admin/               login admin, password guildhall
  Fleet API  {url}/api/v1               acts for tenant 42, needs no key here
  Kaman API  {url}/agent/api/skills
  API keys   kam_your_api_key           tenant 42, Jane Doe
             kam_second_tenant_key      tenant 99, Sam Roe
  Data       {folder.path}, logs in {folder.logs.name}/

Try:
  curl {key} {url}/agent/api/skills
  curl {key} {json} -d '{{"query": "write a skill"}}' {url}/agent/api/skills/search
  curl {json} -d '{task}' {url}/api/v1/skills
"""
