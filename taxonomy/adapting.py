"""The rules of adapting the taxonomy for a user: which words are allowed, and which follow from what the user did."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector

from core.errors import Invalid
from core.text import clean_text
from taxonomy.models import Category, UserTaxonomy
from taxonomy.tree import normalise_word

MAX_USER_REF = 255
MAX_ENTRIES = 50
MAX_ENTRY_LENGTH = 200
_LAST_QUERIES = 5
_MATCHED_CATEGORIES = 5
_MAX_QUERY_WORDS = 100


def check_user_ref(user_ref: str) -> str:
    clean_text(user_ref, "user_id")
    if not user_ref.strip() or len(user_ref) > MAX_USER_REF:
        raise _invalid("user_id", f"user_id must be 1 to {MAX_USER_REF} characters")
    return user_ref


def check_words(name: str, words: Sequence[Any]) -> list[str]:
    """The words normalised and each once, in the order given."""
    clean_text(list(words), name)
    if any(not isinstance(word, str) or len(word) > MAX_ENTRY_LENGTH for word in words):
        raise _invalid(name, f"{name} must be texts of at most {MAX_ENTRY_LENGTH} characters each")
    normalised = [word for word in dict.fromkeys(map(normalise_word, words)) if word]
    if len(normalised) > MAX_ENTRIES:
        raise _invalid(name, f"{name} must be at most {MAX_ENTRIES} texts")
    return normalised


def check_level(level: str) -> str:
    if level not in UserTaxonomy.Level.values:
        raise _invalid("experience_level", f"experience_level must be one of: {', '.join(UserTaxonomy.Level.values)}")
    return level


def check_no_conflict(user: UserTaxonomy) -> None:
    both = [word for word in user.priorities if word in user.hidden]
    if both:
        raise _invalid("hidden", f"'{both[0]}' cannot be a priority and hidden at once")


def priorities_from_history(
    client_id: str, *, query_history: Sequence[str] = (), frequent_domains: Sequence[str] = ()
) -> list[str]:
    """Priorities for a user who states none: the frequent domains as given, then the paths of at most five categories
    whose name or description has words of the last five queries, the best match first."""
    paths = dict.fromkeys(_paths_about(client_id, query_history))
    return list(dict.fromkeys([*check_words("frequent_domains", frequent_domains), *map(normalise_word, paths)]))


def _paths_about(client_id: str, queries: Sequence[str]) -> list[str]:
    text = " ".join(clean_text(list(queries[-_LAST_QUERIES:]), "query_history"))
    words = re.findall(r"\w+", text.lower())[:_MAX_QUERY_WORDS]
    if not words:
        return []
    query = SearchQuery(" or ".join(words), config="english", search_type="websearch")
    vector = SearchVector("name", weight="A", config="english") + SearchVector(
        "description", weight="B", config="english"
    )
    found = Category.objects.visible_to(client_id).annotate(words=vector, relevance=SearchRank(vector, query))
    ordered = found.filter(words=query).order_by("-relevance", "path")
    return list(ordered.values_list("path", flat=True)[:_MATCHED_CATEGORIES])


def _invalid(name: str, message: str) -> Invalid:
    return Invalid(message, code=f"invalid_{name}", fields={name: [message]})
