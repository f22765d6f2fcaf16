"""Trigger keywords as people type them (whatever case, spacing and signs), and no vector that outlives its text."""

from django.db import migrations, models

FORWARD = r"""
-- One form for a keyword and for a query that is nothing but this keyword, also where no word is left of it (`A+`, `C#`).
CREATE FUNCTION skill_keyword_key(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN regexp_replace(lower(normalize(regexp_replace(btrim(words, E' \t\r\n'), '\s+', ' ', 'g'), NFKC)),
                          '(?<=[^\s.,;:!?])[\s.,;:!?]+$', '');

-- Bound when made, so that ANALYZE and a restore, which have an empty search_path, find what it calls.
CREATE FUNCTION skill_keyword_keys(keywords text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ARRAY(SELECT skill_keyword_key(keyword) FROM unnest(keywords) AS keyword);

CREATE INDEX idx_kaman_skills_keyword_keys ON kaman_skills USING gin (skill_keyword_keys(trigger_keywords));

-- Whoever changes the text stores its vector in a statement of its own; until then, or if that never comes, the row waits
-- for skills.search.embed_pending and is found by its words.
CREATE FUNCTION kaman_skills_forget_vector() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.trigger_embedding IS NOT DISTINCT FROM OLD.trigger_embedding THEN
        NEW.trigger_embedding := NULL;
        NEW.embedding_model := NULL;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER kaman_skills_forget_vector BEFORE UPDATE OF name, description, content ON kaman_skills FOR EACH ROW
    WHEN ((OLD.name, OLD.description, OLD.content) IS DISTINCT FROM (NEW.name, NEW.description, NEW.content))
    EXECUTE FUNCTION kaman_skills_forget_vector();
"""

BACKWARD = """
DROP TRIGGER kaman_skills_forget_vector ON kaman_skills;
DROP INDEX idx_kaman_skills_keyword_keys;
DROP FUNCTION kaman_skills_forget_vector, skill_keyword_keys, skill_keyword_key;
"""


class Migration(migrations.Migration):
    dependencies = [("skills", "0005_deleted_skills")]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.AddIndex(
            model_name="skill",
            index=models.Index(fields=["embedding_model"], name="idx_kaman_skills_model"),
        ),
    ]
