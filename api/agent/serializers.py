"""What Kaman reads and writes."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.inputs import InputSerializer, StrictText, WholeNumber, Words
from api.rendering import MillisecondsField
from marketplace.models import Install
from skills.models import Skill
from skills.search import MAX_QUERY_LENGTH

# No number is documented; a list of full skills is long before it is a thousand.
MAX_LIST = 1000
MAX_OFFSET = 100_000
MAX_SEARCH = 100


class ListQuery(InputSerializer):
    status = StrictText(required=False, allow_blank=True, help_text="Only skills of this status.")
    source_type = StrictText(required=False, allow_blank=True, help_text="Only skills that came to be in this way.")
    domains = Words(help_text="Only skills of one of these domains; several times, or once with commas.")
    limit = WholeNumber(
        minimum=0, clamp=MAX_LIST, default=50, help_text=f"At most so many; above {MAX_LIST} it counts as {MAX_LIST}."
    )
    offset = WholeNumber(minimum=0, maximum=MAX_OFFSET, default=0, help_text="How many to leave out first.")


class SearchBody(InputSerializer):
    """What to find skills for."""

    query = StrictText(max_length=MAX_QUERY_LENGTH)
    limit = WholeNumber(minimum=1, clamp=MAX_SEARCH, default=10)
    domains = Words()


class MarketplaceSearchBody(InputSerializer):
    """What to find offers for."""

    query = StrictText(max_length=MAX_QUERY_LENGTH)
    limit = WholeNumber(minimum=1, clamp=MAX_SEARCH, default=10)


class PublishQuery(InputSerializer):
    acknowledge_findings = serializers.BooleanField(
        default=False,
        error_messages={"invalid": "must be true or false"},
        help_text="Says that the caller saw what the content checks found.",
    )


class PullBody(InputSerializer):
    """How the newest version is taken."""

    force = serializers.BooleanField(
        default=False,
        error_messages={"invalid": "must be true or false"},
        help_text="Replaces a copy that was changed here.",
    )


class ArrayField(serializers.ListField):
    """Columns without a value are empty arrays on this wire."""

    child = serializers.CharField()

    def get_attribute(self, instance: Skill) -> Any:
        return super().get_attribute(instance) or []


class SkillSerializer(serializers.ModelSerializer[Skill]):
    """The full skill object, 27 keys. `documents.py` renders the same in PostgreSQL; a test holds them together."""

    client_id = serializers.CharField()
    parent_skill_id = serializers.UUIDField(allow_null=True)
    trigger_keywords = ArrayField()
    task_types = ArrayField()
    domains = ArrayField()
    tools = ArrayField()
    supporting_files = serializers.JSONField()
    created_at = MillisecondsField()
    updated_at = MillisecondsField()
    last_used_at = MillisecondsField(allow_null=True)

    class Meta:
        model = Skill
        fields = [
            "id", "client_id", "name", "slug", "description", "version", "content", "content_tokens",
            "trigger_keywords", "task_types", "domains", "tools", "source_type", "source_session_id", "parent_skill_id",
            "usage_count", "success_count", "failure_count", "status", "created_at", "updated_at", "last_used_at",
            "supporting_files", "marketplace_plugin_id", "is_marketplace", "is_published", "author",
        ]  # fmt: skip
        read_only_fields = fields


class OfferSerializer(serializers.Serializer[Skill]):
    """A skill of the marketplace: the documented keys beside `similarity`, and never its content."""

    skillId = serializers.UUIDField(source="pk")
    name = serializers.CharField()
    description = serializers.CharField(allow_null=True)
    domains = ArrayField()
    trigger_keywords = ArrayField()
    content_tokens = serializers.IntegerField(allow_null=True)
    author = serializers.CharField(allow_null=True)
    sourceClientId = serializers.CharField(source="client_id")
    pluginId = serializers.IntegerField(source="marketplace_plugin_id", allow_null=True)


class UpdateSerializer(serializers.Serializer[Install]):
    """How an installed copy stands to its source. What is `available` is null when that is not on offer any more."""

    skillId = serializers.UUIDField(source="skill_id")
    name = serializers.CharField(source="skill.name")
    sourceSkillId = serializers.UUIDField(source="source_id")
    sourceClientId = serializers.CharField(source="source_client_id")
    installedVersion = serializers.CharField(source="source_semver")
    installedSha256 = serializers.CharField(source="source_sha256")
    availableVersion = serializers.CharField(source="offered_semver")
    availableSha256 = serializers.CharField(source="offered_sha256")
    updateAvailable = serializers.BooleanField(source="is_behind")
    changedLocally = serializers.BooleanField(source="is_changed_here")
