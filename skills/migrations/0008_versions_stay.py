"""The database refuses to remove a version, unless its whole skill goes and a snapshot of it was just kept."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION refuse_version_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM kaman_skills AS skill
                     JOIN deleted_skill AS kept ON kept.client_id = skill.client_id AND kept.slug = skill.slug
                    WHERE skill.id = OLD.skill_id AND kept.at >= now())  -- now(): when this transaction began
    THEN
        RAISE EXCEPTION 'version % of skill % is immutable: it can be marked as deleted, not removed',
            OLD.version, OLD.skill_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER skill_version_stays BEFORE DELETE ON skill_version
    FOR EACH ROW EXECUTE FUNCTION refuse_version_removal();
"""
ALLOW = "DROP TRIGGER skill_version_stays ON skill_version; DROP FUNCTION refuse_version_removal();"


class Migration(migrations.Migration):
    dependencies = [("skills", "0007_lists_of_people")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
