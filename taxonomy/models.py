"""The category tree, a tenant's own categories over the shared ones of the tenant `system`; the paths that moved
categories had; and what each user wants to see of it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Now

from accounts.models import Client

MAX_DEPTH = 8
MAX_PATH = 512


def own_first(client_id: str) -> models.expressions.OrderBy:
    """Orders rows of a tenant before those of `system`."""
    return Case(When(client_id=client_id, then=0), default=1, output_field=models.IntegerField()).asc()


class CategoryQuerySet(models.QuerySet["Category"]):
    def visible_to(self, client_id: str) -> CategoryQuerySet:
        """A tenant sees its own categories and the shared ones."""
        return self.filter(client_id__in=[client_id, settings.SYSTEM_CLIENT_ID])


class Category(models.Model):
    """A branch of the taxonomy. `path` is the slugs from the root joined by `/`, kept by the services.

    The parent is the tenant's own or a shared one. The database holds every path to that of its parent, at the end of
    the transaction (migration 0003), and thereby keeps circles out.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="categories")
    client_id: str
    slug = models.CharField(max_length=128)
    path = models.CharField(max_length=MAX_PATH, editable=False)
    name = models.CharField(max_length=128)
    description = models.TextField(blank=True)
    parent = models.ForeignKey("self", on_delete=models.RESTRICT, null=True, blank=True, related_name="children")
    parent_id: int | None
    sort_order = models.IntegerField(default=0)
    updated_at = models.DateTimeField(db_default=Now())

    objects = CategoryQuerySet.as_manager()

    class Meta:
        db_table = "taxonomy_category"
        ordering = ["path"]
        verbose_name_plural = "categories"
        constraints = [
            # Looked at after a statement, not row by row: in a branch that moves, one may come where another was.
            models.UniqueConstraint(
                fields=["client", "path"],
                name="taxonomy_category_client_path",
                deferrable=models.Deferrable.IMMEDIATE,
            ),
            models.CheckConstraint(
                condition=Q(slug__regex=r"^[a-z0-9]+([_-][a-z0-9]+)*$"), name="taxonomy_category_slug"
            ),
            models.CheckConstraint(
                condition=Q(path__regex=r"^[a-z0-9_-]+(/[a-z0-9_-]+)*$"), name="taxonomy_category_path"
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")), name="taxonomy_category_not_its_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.path


class CategoryAliasQuerySet(models.QuerySet["CategoryAlias"]):
    def visible_to(self, client_id: str) -> CategoryAliasQuerySet:
        """A tenant's old paths and those of the shared tree: what they name, the tenant sees."""
        return self.filter(client_id__in=[client_id, settings.SYSTEM_CLIENT_ID])

    def of_path(self, client_id: str, path: str) -> CategoryAliasQuerySet:
        """The one row, if any, that says what the path named: the tenant's own before that of the shared tree."""
        return self.visible_to(client_id).filter(path=path).order_by(own_first(client_id))[:1]


class CategoryAlias(models.Model):
    """A path that a category of `client` had before it moved or became part of `category`, and that still works."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+", db_index=False)
    client_id: str
    path = models.CharField(max_length=MAX_PATH)
    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="aliases")
    category_id: int
    created_at = models.DateTimeField(db_default=Now())

    objects = CategoryAliasQuerySet.as_manager()

    class Meta:
        db_table = "taxonomy_alias"
        verbose_name_plural = "category aliases"
        constraints = [
            models.UniqueConstraint(fields=["client", "path"], name="taxonomy_alias_client_path"),
            models.CheckConstraint(
                condition=Q(path__regex=r"^[a-z0-9_-]+(/[a-z0-9_-]+)*$"), name="taxonomy_alias_path"
            ),
        ]

    def __str__(self) -> str:
        return self.path


class UserTaxonomy(models.Model):
    """How one user of a tenant adapted the taxonomy. `user_ref` is the tenant's own name for the user, who need not be
    able to sign in.

    `priorities` (most important first) and `hidden` hold normalised words: slugs or paths of categories, or tags,
    domains, keywords and words of the names of skills. What each matches, and which levels are too hard, is ADR 6.
    A user who never adapted anything is an unsaved row: nothing hidden, no level too hard.
    """

    class Level(models.TextChoices):
        """How experienced a user is, or must be for a skill; in rising order."""

        BEGINNER = "beginner"
        INTERMEDIATE = "intermediate"
        ADVANCED = "advanced"
        EXPERT = "expert"

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="user_taxonomies", db_index=False)
    client_id: str
    user_ref = models.CharField(max_length=255)
    priorities = ArrayField(models.TextField(), default=list, blank=True)
    hidden = ArrayField(models.TextField(), default=list, blank=True)
    experience_level = models.CharField(max_length=12, choices=Level, default=Level.INTERMEDIATE)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "user_taxonomy"
        verbose_name_plural = "user taxonomies"
        constraints = [
            models.UniqueConstraint(fields=["client", "user_ref"], name="user_taxonomy_client_user"),
            models.CheckConstraint(
                condition=Q(experience_level__in=["beginner", "intermediate", "advanced", "expert"]),
                name="user_taxonomy_level",
            ),
        ]

    def __str__(self) -> str:
        return self.user_ref

    @property
    def too_hard(self) -> list[str]:
        """The levels more than one step above the user's."""
        return [] if self._state.adding else self.Level.values[self.Level.values.index(self.experience_level) + 2 :]
