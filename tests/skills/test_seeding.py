"""The demonstration data: only in development, made once, good skills, and keys that work there alone."""

from __future__ import annotations

import pytest

from accounts.models import ApiKey, Client, User
from accounts.services import find_api_key
from core.errors import Forbidden
from skills.models import Skill
from skills.seeding import PEOPLE, seed_development
from skills.validation import validate_text
from taxonomy.models import Category

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("system")]


def test_nothing_is_seeded_outside_development() -> None:
    with pytest.raises(Forbidden):
        seed_development()
    assert not User.objects.exists()


@pytest.mark.usefixtures("development")
def test_the_data_are_made_once_and_the_printed_keys_work() -> None:
    seed_development()
    counts = [model.objects.count() for model in (Client, User, ApiKey, Skill, Category)]
    seed_development()
    assert [model.objects.count() for model in (Client, User, ApiKey, Skill, Category)] == counts
    for client_id, _, username, _, role, key in PEOPLE:
        found = find_api_key(key)
        assert found is not None
        assert (found.client_id, found.user.username, found.granted_role) == (client_id, username, role)


@pytest.mark.usefixtures("development")
def test_the_shared_skills_pass_all_layers() -> None:
    seed_development()
    shared = Skill.objects.filter(client_id="system")
    assert shared.count() == 3
    for skill in shared:
        report = validate_text(skill.content, skill.slug)
        assert report.ok, (skill.slug, report.errors)
