"""The documents and their page are served from here, to everybody, and nothing of them from elsewhere."""

from __future__ import annotations

import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client as HttpClient

from api.schema.documents import folder
from api.schema.views import NAMES


@pytest.mark.parametrize("name", NAMES)
def test_documents_are_served_as_they_are_committed(client: HttpClient, name: str) -> None:
    answer = client.get(f"/api/schema/{name}.json")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert answer.content == (folder() / f"{name}.json").read_bytes()
    again = client.get(f"/api/schema/{name}.json", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_document_of_all_is_the_first(client: HttpClient) -> None:
    assert client.get("/api/schema/").json()["info"]["title"] == "Guildhall"


@pytest.mark.parametrize("path", ["/api/schema/other.json", "/api/schema/..%2f..%2fsecret.json"])
def test_there_are_no_others(client: HttpClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_nothing_can_be_sent(client: HttpClient) -> None:
    assert client.post("/api/schema/").status_code == 405
    assert client.post("/docs/").status_code == 405


def test_the_page_has_all_it_needs_here(client: HttpClient) -> None:
    answer = client.get("/docs")
    page = answer.content.decode()
    assert answer.status_code == 200
    links = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert links
    for link in links:
        assert link.startswith("/static/")
        assert finders.find(link.removeprefix("/static/")), link
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "img-src 'self' data:" in policy
    assert "unsafe" not in policy
