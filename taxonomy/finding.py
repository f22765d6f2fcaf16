"""What paths and ids name to a tenant: what is there, or else what was there before it moved."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q, QuerySet

from core.errors import Invalid, NotFound
from core.text import clean_text
from taxonomy.models import Category, CategoryAlias, own_first


def resolve_path(client_id: str, path: str) -> Category | None:
    """The category at `path` that the tenant sees, its own before the shared one; or else the one that was there."""
    path = path.strip("/")
    here = Category.objects.visible_to(client_id).filter(path=path).order_by(own_first(client_id)).first()
    return here or _once_at(CategoryAlias.objects.of_path(client_id, path))


def _once_at(aliases: QuerySet[CategoryAlias]) -> Category | None:
    alias = aliases.select_related("category").first()
    return alias.category if alias else None


def get_category(client_id: str, path: str) -> Category:
    category = resolve_path(client_id, path)
    if category is None:
        raise NotFound(f"Category '{path}' not found", code="category_not_found")
    return category


def find_category(client_id: str, id: str) -> Category:
    """The category with this path, or else with this slug, or else once at this path, that the tenant sees. Raises
    NotFound, or Invalid `ambiguous_id` where several paths end in the slug."""
    path = clean_text(id, "category").strip("/")
    rows = Category.objects.visible_to(client_id)
    if rows.filter(path=path).exists():
        return get_category(client_id, path)
    paths = sorted(set(rows.filter(slug=path).values_list("path", flat=True)))
    if len(paths) > 1:
        message = f"Several categories are called '{id}'; give the path: {', '.join(paths)}"
        raise Invalid(message, code="ambiguous_id")
    return get_category(client_id, paths[0] if paths else path)


def path_of_id(client_id: str, id: str) -> str:
    """The id as a slug or path of today: where it is neither, that of the tenant's own category that was there."""
    path = id.strip("/")
    is_known = Category.objects.visible_to(client_id).filter(Q(path=path) | Q(slug=path)).exists()
    return path if is_known else path_now(client_id, path)


def path_now(client_id: str, path: str) -> str:
    """The path of the tenant's own category that was at `path` and moved; else `path` itself."""
    if Category.objects.filter(client_id=client_id, path=path).exists():
        return path
    moved = _once_at(CategoryAlias.objects.filter(client_id=client_id, category__client_id=client_id, path=path))
    return moved.path if moved else path


def own_category(client_id: str, path: str, above: Category | None) -> Category | None:
    """The one at its place below `above`, at its path, or (for a bare slug) the only one with the slug."""
    own = Category.objects.filter(client_id=client_id)
    below = f"{above.path}/{path.rpartition('/')[2]}" if above else path
    found = own.filter(path=below).first() or own.filter(path=path).first()
    return found or _only(own.filter(slug=path))


def place_of_shared(path: str) -> Category | None:
    shared = Category.objects.filter(client_id=settings.SYSTEM_CLIENT_ID)
    return shared.filter(path=path).first() or _only(shared.filter(slug=path))


def _only(rows: QuerySet[Category]) -> Category | None:
    found = list(rows[:2])
    return found[0] if len(found) == 1 else None
