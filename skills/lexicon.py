"""Spelling: the words of a query that no visible skill uses, and the nearest words that they do use.

A correction is an offer ("did you mean"): search reads the query both ways and says which reading found a skill.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from threading import Lock
from typing import Any

from django.db import connections
from django.db.models import BooleanField, Count, Max, QuerySet
from django.db.models.expressions import RawSQL

from inference import embedder
from skills.models import SkillQuerySet

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 4
# Words up to this length may differ by one letter, longer ones by two.
_SHORT = 6
# More strange words than this are another language, not misspelling.
_MAX_STRANGE = 8
_KEPT_LEXICONS = 32

_UNUSED = "SELECT word FROM unnest(%s::text[]) AS word WHERE NOT EXISTS ({using_word})"
# The index finds the rows with the stem; only the text tells whether it is this very form.
_USES_WORD = r"""
search_words @@ plainto_tsquery('english', word)
AND concat_ws(' ', name, description, skill_keyword_text(trigger_keywords), left(content, 8000))
    ~* ('\m' || word || '\M')
"""
# Names, descriptions and keywords: what people wrote with care. `search_words` holds stems, which cannot be shown.
_USED = r"""
SELECT word, count(*) FROM ({skills}) AS skill, unnest(tsvector_to_array(to_tsvector('simple', translate(
    concat_ws(' . ', name, left(description, 8000), skill_keyword_text(trigger_keywords)), '-_/.\', '     ')))) AS word
WHERE word ~ '^[[:alpha:]]{{4,40}}$' GROUP BY word
"""

# Words and in how many skills they are.
Lexicon = dict[str, int]
_lexicons: OrderedDict[tuple[object, ...], Lexicon] = OrderedDict()
_lock = Lock()


def corrected(visible: SkillQuerySet, query: str) -> str | None:
    """`query` in lower case with each misspelt word replaced by the most used word near it; None when there is none.

    A word is misspelt when the model's vocabulary does not have it and no visible skill uses it.
    """
    words = dict.fromkeys(word for word in _WORD.findall(query.lower()) if len(word) >= _SHORTEST)
    strange = [word for word in words if not embedder.knows_word(word)]
    if not 0 < len(strange) <= _MAX_STRANGE:
        return None
    using_word = visible.filter(RawSQL(_USES_WORD, (), output_field=BooleanField()))  # noqa: S611
    unused = [str(word) for (word,) in _rows(_UNUSED, strange, using_word=using_word.values("id"))]
    lexicon = _lexicon(visible) if unused else {}
    nearest = {word: near for word in unused if (near := _nearest(word, lexicon))}
    if not nearest:
        return None
    return _WORD.sub(lambda match: nearest.get(match[0], match[0]), query.lower())


def _rows(sql: str, *values: list[str], **queryset: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    """The rows of `sql`, in which one queryset stands under its name, after the parameters `values`."""
    ((name, rows),) = queryset.items()
    inner, parameters = rows.query.sql_with_params()
    with connections[rows.db].cursor() as cursor:
        cursor.execute(sql.format(**{name: inner}), [*values, *parameters])
        return list(cursor.fetchall())


def _lexicon(visible: SkillQuerySet) -> Lexicon:
    """The words of the visible skills; kept until one of these is added, changed or removed."""
    state = visible.aggregate(total=Count("pk"), changed_at=Max("updated_at"))
    key = (*visible.query.sql_with_params(), *state.values())
    with _lock:
        if key in _lexicons:
            _lexicons.move_to_end(key)
            return _lexicons[key]
    # A word of one skill among thousands is likely a name, or misspelt itself.
    least = min(3, 1 + state["total"] // 300)
    rows = _rows(_USED, skills=visible.values("name", "description", "trigger_keywords"))
    lexicon = {word: count for word, count in rows if count >= least}
    with _lock:
        _lexicons[key] = lexicon
        while len(_lexicons) > _KEPT_LEXICONS:
            _lexicons.popitem(last=False)
    return lexicon


def _nearest(word: str, lexicon: Lexicon) -> str | None:
    """The closest known word, the most used of equally close ones; people rarely miss the first letter."""
    allowed = 1 if len(word) <= _SHORT else 2
    best: tuple[int, int, str] | None = None
    for known, count in lexicon.items():
        if known[0] != word[0] or abs(len(known) - len(word)) > allowed:
            continue
        distance = _edits(word, known, allowed)
        if distance <= allowed and (best is None or (distance, -count, known) < best):
            best = (distance, -count, known)
    return best[2] if best else None


def _edits(word: str, known: str, allowed: int) -> int:
    """Letters added, left out, replaced or swapped with their neighbour; `allowed + 1` stands for any more."""
    before: list[int] = []
    above = list(range(len(known) + 1))
    for i, letter in enumerate(word, 1):
        row = [i]
        for j, other in enumerate(known, 1):
            cost = min(above[j] + 1, row[-1] + 1, above[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == known[j - 2] and word[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > allowed:
            return allowed + 1
        before, above = above, row
    return above[-1]
