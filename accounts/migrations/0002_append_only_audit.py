"""The database refuses to change or remove a line of the audit log; the tenant `system` exists from the start."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
"""
ALLOW = "DROP TRIGGER audit_event_append_only ON audit_event; DROP FUNCTION refuse_audit_change();"


def create_system_client(apps, schema_editor):
    apps.get_model("accounts", "Client").objects.get_or_create(
        id="system", defaults={"name": "Shared skills", "is_system": True}
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        migrations.RunSQL(REFUSE, ALLOW),
        migrations.RunPython(create_system_client, migrations.RunPython.noop),
    ]
