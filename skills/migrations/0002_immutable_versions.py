"""The database refuses to change what a version says; only its tombstone may be set."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION refuse_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.skill_id, OLD.version, OLD.sort_key, OLD.description, OLD.changes, OLD.skill_name,
        OLD.skill_description, OLD.content, OLD.document, OLD.files, OLD.content_sha256, OLD.created_by, OLD.created_at)
       IS DISTINCT FROM
       (NEW.id, NEW.skill_id, NEW.version, NEW.sort_key, NEW.description, NEW.changes, NEW.skill_name,
        NEW.skill_description, NEW.content, NEW.document, NEW.files, NEW.content_sha256, NEW.created_by, NEW.created_at)
    THEN
        RAISE EXCEPTION 'version % of skill % is immutable', OLD.version, OLD.skill_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER skill_version_immutable BEFORE UPDATE ON skill_version
    FOR EACH ROW EXECUTE FUNCTION refuse_version_change();
"""
ALLOW = "DROP TRIGGER skill_version_immutable ON skill_version; DROP FUNCTION refuse_version_change();"


class Migration(migrations.Migration):
    dependencies = [("skills", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
