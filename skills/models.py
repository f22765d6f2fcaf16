"""The store of skills behind all contracts: the documented table `kaman_skills`, immutable versions, aliases."""

from __future__ import annotations

import re
import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower, Now
from pgvector.django import HnswIndex, VectorField

from accounts.models import Client
from taxonomy.models import Category

EMBEDDING_DIMENSIONS = 384
SEMVER_SQL = r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$"


class SkillQuerySet(models.QuerySet["Skill"]):
    def visible_to(self, client_id: str) -> SkillQuerySet:
        """The access rule of skills: a tenant reads its own and the shared ones of `system`."""
        return self.filter(client_id__in=[client_id, settings.SYSTEM_CLIENT_ID])

    def active(self) -> SkillQuerySet:
        return self.filter(status=Skill.Status.ACTIVE)

    def on_offer_to(self, client_id: str) -> SkillQuerySet:
        """The marketplace of a tenant: what other tenants have published and keep active."""
        others = self.exclude(client_id__in=[client_id, settings.SYSTEM_CLIENT_ID])
        return others.filter(is_published=True).active()

    def heads(self) -> SkillQuerySet:
        """One row for each address: of several rows with one slug the active one with the highest version."""
        newer = Skill.objects.filter(client_id=OuterRef("client_id"), slug=OuterRef("slug"))
        active_first = Case(When(status=Skill.Status.ACTIVE, then=0), default=1)
        return self.filter(pk=Subquery(newer.order_by(active_first, "-version").values("pk")[:1]))

    def worded(self, text: str) -> SkillQuerySet:
        """Those whose name, keywords or description have a word for each of the text's that begins with it, and those
        whose slug begins with the text. By indexes, unlike a search for parts of words, and without ranking."""
        words = " & ".join(f"{word}:*AB" for word in re.findall(r"[^\W_]+", text))
        having_words = RawSQL("search_words @@ to_tsquery('english', %s)", [words], models.BooleanField())
        return self.filter(Q(having_words) | Q(slug__startswith=text.strip().lower()))

    def light(self) -> SkillQuerySet:
        """Without the columns that a list never shows."""
        return self.defer("trigger_embedding", "content", "supporting_files")


class Skill(models.Model):
    """One skill of one tenant. `content` is the SKILL.md text exactly as it was given, front matter included.

    `supporting_files` is a list of {path, filename, content, size (bytes), sha (SHA-256, hex)}; bytes that are not text
    carry "encoding": "base64", executables "executable": true. `version` is Kaman's integer; `semver` names the current
    SkillVersion. The database generates one column more, `search_words` (migration 0003), for skills/ranking.py and
    `worded`.
    """

    class Status(models.TextChoices):
        ACTIVE = "active"
        DEPRECATED = "deprecated"

    class SourceType(models.TextChoices):
        MANUAL = "manual"
        AUTO_GENERATED = "auto_generated"
        MARKETPLACE = "marketplace"

    class OriginType(models.TextChoices):
        GIT = "git"
        LOCAL = "local"
        HTTP = "http"
        ZIP = "zip"

    class CreatedVia(models.TextChoices):
        KAMAN = "kaman"
        CODE = "code"
        FLEET = "fleet"
        IMPORT = "import"

    # The documented columns, with their documented types and defaults.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="skills", db_index=False)
    client_id: str
    name = models.CharField(max_length=255)
    slug = models.CharField(max_length=255)
    description = models.TextField(null=True, blank=True)
    version = models.IntegerField(default=1, db_default=1)
    content = models.TextField()
    content_tokens = models.IntegerField(null=True)
    trigger_keywords = ArrayField(models.TextField(), null=True, blank=True)
    trigger_embedding = VectorField(dimensions=EMBEDDING_DIMENSIONS, null=True, editable=False)
    task_types = ArrayField(models.TextField(), null=True, blank=True)
    domains = ArrayField(models.TextField(), null=True, blank=True)
    tools = ArrayField(models.TextField(), null=True, blank=True)
    source_type = models.CharField(max_length=50, choices=SourceType, default="manual", db_default="manual")
    source_session_id = models.CharField(max_length=100, null=True, blank=True)
    parent_skill = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="derived")
    usage_count = models.IntegerField(default=0, db_default=0)
    success_count = models.IntegerField(default=0, db_default=0)
    failure_count = models.IntegerField(default=0, db_default=0)
    status = models.CharField(max_length=20, choices=Status, default="active", db_default="active")
    supporting_files = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    marketplace_plugin_id = models.IntegerField(null=True, blank=True)
    is_marketplace = models.BooleanField(default=False, db_default=False)
    is_published = models.BooleanField(default=False, db_default=False)
    author = models.CharField(max_length=255, null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    last_used_at = models.DateTimeField(null=True, blank=True)

    # What the other two contracts need.
    semver = models.CharField(max_length=64, default="1.0.0", db_default="1.0.0")
    code_author = models.CharField(max_length=255, null=True, blank=True)
    tags = ArrayField(models.TextField(), default=list, db_default=Value([], ArrayField(models.TextField())))
    capabilities = ArrayField(models.TextField(), default=list, db_default=Value([], ArrayField(models.TextField())))
    source_url = models.TextField(null=True, blank=True)
    origin_type = models.CharField(max_length=10, choices=OriginType, null=True, blank=True)
    source_branch = models.CharField(max_length=255, null=True, blank=True)
    editable = models.BooleanField(default=False, db_default=False)
    execution_environment = models.TextField(null=True, blank=True)
    dependencies = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    timeout = models.IntegerField(null=True, blank=True)
    category = models.ForeignKey(
        Category, on_delete=models.SET_NULL, null=True, blank=True, related_name="skills", db_index=False
    )
    metadata = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    content_sha256 = models.CharField(max_length=64, default="", db_default="")
    embedding_model = models.CharField(max_length=100, null=True, blank=True)
    created_via = models.CharField(max_length=10, choices=CreatedVia, default="kaman", db_default="kaman")

    objects = SkillQuerySet.as_manager()

    class Meta:
        db_table = "kaman_skills"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["client", "slug", "version"], name="kaman_skills_client_slug_version"),
            models.CheckConstraint(condition=Q(slug__regex=r"^[a-z0-9][a-z0-9_.-]*$"), name="kaman_skills_slug"),
            models.CheckConstraint(condition=Q(version__gte=1), name="kaman_skills_version"),
            models.CheckConstraint(condition=Q(status__in=["active", "deprecated"]), name="kaman_skills_status"),
            models.CheckConstraint(
                condition=Q(source_type__in=["manual", "auto_generated", "marketplace"]),
                name="kaman_skills_source_type",
            ),
            models.CheckConstraint(
                condition=Q(origin_type=None) | Q(origin_type__in=["git", "local", "http", "zip"]),
                name="kaman_skills_origin_type",
            ),
            models.CheckConstraint(
                condition=Q(created_via__in=["kaman", "code", "fleet", "import"]), name="kaman_skills_created_via"
            ),
            models.CheckConstraint(condition=Q(timeout=None) | Q(timeout__gt=0), name="kaman_skills_timeout"),
            models.CheckConstraint(
                condition=Q(usage_count__gte=0, success_count__gte=0, failure_count__gte=0),
                name="kaman_skills_counters",
            ),
            models.CheckConstraint(condition=Q(semver__regex=SEMVER_SQL), name="kaman_skills_semver"),
        ]
        indexes = [
            models.Index(fields=["client"], name="idx_kaman_skills_client"),
            HnswIndex(
                fields=["trigger_embedding"],
                name="idx_kaman_skills_embedding",
                opclasses=["vector_cosine_ops"],
                m=16,
                ef_construction=128,
            ),
            models.Index(fields=["status"], name="idx_kaman_skills_status", condition=Q(status="active")),
            GinIndex(fields=["domains"], name="idx_kaman_skills_domains"),
            GinIndex(fields=["trigger_keywords"], name="idx_kaman_skills_keywords"),
            models.Index(
                fields=["marketplace_plugin_id"],
                name="idx_kaman_skills_marketplace_plugin",
                condition=Q(marketplace_plugin_id__isnull=False),
            ),
            models.Index(fields=["is_published"], name="idx_kaman_skills_published", condition=Q(is_published=True)),
            models.Index(F("client"), F("created_at").desc(), F("id").desc(), name="idx_kaman_skills_page"),
            models.Index(F("client"), Lower("name"), name="idx_kaman_skills_name", condition=Q(status="active")),
            models.Index(fields=["embedding_model"], name="idx_kaman_skills_model"),
            # For lists of people. None holds a counter: a use of a skill must not touch all of its indexes.
            models.Index(fields=["-updated_at", "-id"], name="idx_kaman_skills_changed"),
            models.Index(fields=["-is_published", "-updated_at", "-id"], name="idx_kaman_skills_offered"),
            models.Index(fields=["client"], name="idx_kaman_skills_shown", condition=Q(is_published=True)),
            models.Index(fields=["client", "updated_at"], name="idx_kaman_skills_active", condition=Q(status="active")),
            models.Index(
                fields=["slug", "client", "-version"],
                name="idx_kaman_skills_address",
                condition=Q(status="active"),
                include=["id"],
            ),
            models.Index(fields=["category", "client"], name="idx_kaman_skills_placed"),
            models.Index(
                fields=["-updated_at", "-id"], name="idx_kaman_skills_retired", condition=Q(status="deprecated")
            ),
            models.Index(fields=["slug"], name="idx_kaman_skills_slug_start", opclasses=["varchar_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_system(self) -> bool:
        return self.client_id == settings.SYSTEM_CLIENT_ID

    @property
    def is_on_offer(self) -> bool:
        """Whether other tenants find it in the marketplace."""
        return self.is_published and self.status == Skill.Status.ACTIVE and not self.is_system


class SkillVersion(models.Model):
    """An immutable snapshot of a skill: the database refuses any UPDATE of what it says.

    `content_sha256` is the digest of the whole snapshot (skills/files.py), and the ETag wherever the version is served.
    `document` is its SKILL.md as agents load it, with front matter, rendered once. A deleted version stays as a
    tombstone: its number is taken for good.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="versions", db_index=False)
    skill_id: uuid.UUID
    version = models.CharField(max_length=64)
    sort_key = models.CharField(max_length=200, db_collation="C")
    description = models.TextField(blank=True)
    changes = models.JSONField(default=list)
    skill_name = models.CharField(max_length=255)
    skill_description = models.TextField(null=True, blank=True)
    content = models.TextField()
    document = models.TextField()
    files = models.JSONField(default=list)
    content_sha256 = models.CharField(max_length=64)
    created_by = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.CharField(max_length=255, blank=True)

    class Meta:
        db_table = "skill_version"
        ordering = ["-created_at", "-sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["skill", "version"], name="skill_version_skill_version"),
            models.CheckConstraint(condition=Q(version__regex=SEMVER_SQL), name="skill_version_semver"),
        ]
        indexes = [
            models.Index(F("skill"), F("created_at").desc(), F("sort_key").desc(), name="skill_version_page"),
            models.Index(fields=["-created_at", "-sort_key"], name="skill_version_newest"),
            models.Index(fields=["content_sha256"], name="skill_version_digest", opclasses=["varchar_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return f"{self.skill_name} {self.version}"


class DeletedSkill(models.Model):
    """What was deleted at an address: every row, version and alias of it, from which `restore_skill` makes it anew.

    Here and not in the audit log, which never holds content; the audit line names this row.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+", db_index=False)
    client_id: str
    slug = models.CharField(max_length=255)
    snapshot = models.JSONField()
    deleted_by = models.CharField(max_length=255)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "deleted_skill"
        ordering = ["-at"]
        indexes = [models.Index(fields=["client", "slug", "-at"], name="deleted_skill_address")]

    def __str__(self) -> str:
        return self.slug


class SkillAliasQuerySet(models.QuerySet["SkillAlias"]):
    def visible_to(self, client_id: str) -> SkillAliasQuerySet:
        """A tenant's old addresses and those of the shared skills."""
        return self.filter(client_id__in=[client_id, settings.SYSTEM_CLIENT_ID])


class SkillAlias(models.Model):
    """An old address of a skill that still works."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="skill_aliases")
    client_id: str
    alias = models.CharField(max_length=512)
    slug = models.CharField(max_length=255)
    reason = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = SkillAliasQuerySet.as_manager()

    class Meta:
        db_table = "skill_alias"
        verbose_name_plural = "skill aliases"
        constraints = [
            models.UniqueConstraint(fields=["client", "alias"], name="skill_alias_client_alias"),
            models.CheckConstraint(
                condition=Q(alias__regex=r"^[a-z0-9_.-]+(/[a-z0-9_.-]+)*$"), name="skill_alias_form"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alias} -> {self.slug}"


class SearchQuery(models.Model):
    """What the people of a tenant searched for, once a wording: how often, and what they got the last time.

    skills/searches.py writes and forgets them; trigger rates read them.
    """

    id = models.BigAutoField(primary_key=True)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+", db_index=False)
    client_id: str
    query = models.CharField(max_length=200)
    times = models.PositiveIntegerField(default=1, db_default=1)
    hits = models.PositiveSmallIntegerField(default=0, db_default=0)
    top_similarity = models.FloatField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "search_query"
        verbose_name_plural = "search queries"
        constraints = [models.UniqueConstraint(fields=["client", "query"], name="search_query_once_a_wording")]
        indexes = [models.Index(fields=["client", "-at"], name="search_query_recent")]

    def __str__(self) -> str:
        return self.query
