"""Trigger keywords found by how they begin, not by any word of theirs; lists and counts of skills by index; slugs that
are addresses."""

from django.db import migrations, models

FORWARD = r"""
-- Up to three lexemes from each place on, one behind the other without a gap.
CREATE FUNCTION skill_phrases(words tsvector) RETURNS TABLE (place smallint, phrases text[])
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT at, ARRAY[lexeme, CASE WHEN next_at - at = 1 THEN lexeme || ' ' || next END,
                     CASE WHEN third_at - at = 2 THEN concat_ws(' ', lexeme, next, third) END]
    FROM (SELECT at, lexeme, lead(lexeme) OVER w AS next, lead(at) OVER w AS next_at,
                 lead(lexeme, 2) OVER w AS third, lead(at, 2) OVER w AS third_at
          FROM unnest(words), unnest(positions) AS at WINDOW w AS (ORDER BY at, lexeme)) AS step;
END;

-- How each keyword begins. A text that has a keyword as a phrase has this among its own phrases.
CREATE FUNCTION skill_keyword_starts(keywords text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ARRAY(SELECT start FROM unnest(keywords) AS keyword, LATERAL (
        SELECT coalesce(phrases[3], phrases[2], phrases[1]) AS start FROM skill_phrases(skill_lexemes(keyword))
        ORDER BY place LIMIT 1) AS _);

CREATE INDEX idx_kaman_skills_keyword_starts ON kaman_skills USING gin (skill_keyword_starts(trigger_keywords));
DROP INDEX idx_kaman_skills_trigger_words;
"""

BACKWARD = """
CREATE INDEX idx_kaman_skills_trigger_words ON kaman_skills
    USING gin (skill_lexemes(skill_keyword_text(trigger_keywords)));
DROP INDEX idx_kaman_skills_keyword_starts;
DROP FUNCTION skill_keyword_starts, skill_phrases;
"""


class Migration(migrations.Migration):
    dependencies = [("skills", "0008_versions_stay"), ("taxonomy", "0003_places_and_aliases")]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.AlterField(
            model_name="skill",
            name="category",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=models.SET_NULL,
                related_name="skills",
                to="taxonomy.category",
            ),
        ),
        migrations.AddIndex(
            model_name="skill",
            index=models.Index(fields=["category", "client"], name="idx_kaman_skills_placed"),
        ),
        migrations.AddIndex(
            model_name="skill",
            index=models.Index(
                condition=models.Q(("status", "deprecated")),
                fields=["-updated_at", "-id"],
                name="idx_kaman_skills_retired",
            ),
        ),
        migrations.AddConstraint(
            model_name="skill",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug__regex", "^[a-z0-9][a-z0-9_.-]*$")), name="kaman_skills_slug"
            ),
        ),
    ]
