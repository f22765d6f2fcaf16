"""The database keeps each category at its place: below its parent, at most eight deep, in its own tenant's tree or below
a shared category. Old paths go on naming what moved away from them."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

# Tenants' categories stayed behind when the shared one above them moved.
REPAIR = """
UPDATE taxonomy_category SET path = placed.path
FROM (
    WITH RECURSIVE placed AS (
        SELECT id, slug::text AS path FROM taxonomy_category WHERE parent_id IS NULL
        UNION ALL
        SELECT child.id, placed.path || '/' || child.slug FROM taxonomy_category child JOIN placed ON child.parent_id = placed.id
    )
    SELECT id, path FROM placed
) placed
WHERE placed.id = taxonomy_category.id AND placed.path <> taxonomy_category.path;
"""
# At the end of the transaction: a branch moves in more than one statement. As a path is longer than its parent's, no
# category can lie below itself.
KEEP = """
CREATE FUNCTION check_category_place() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    misplaced text;
BEGIN
    SELECT category.path INTO misplaced
    FROM taxonomy_category category
    LEFT JOIN taxonomy_category parent ON parent.id = category.parent_id
    LEFT JOIN client owner ON owner.id = parent.client_id
    WHERE (category.id = NEW.id OR category.parent_id = NEW.id)
      AND (category.path <> concat_ws('/', parent.path, category.slug)
           OR parent.client_id <> category.client_id AND NOT owner.is_system
           OR length(category.path) - length(replace(category.path, '/', '')) >= 8)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'category % is not below its parent', misplaced
            USING ERRCODE = 'check_violation', CONSTRAINT = 'taxonomy_category_place';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER taxonomy_category_place AFTER INSERT OR UPDATE OF path, slug, parent_id, client_id
    ON taxonomy_category DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_category_place();
"""
LET_GO = "DROP TRIGGER taxonomy_category_place ON taxonomy_category; DROP FUNCTION check_category_place();"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_review_policy"),
        ("taxonomy", "0002_user_taxonomy"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="category", name="taxonomy_category_client_path"),
        migrations.AddConstraint(
            model_name="category",
            constraint=models.UniqueConstraint(
                deferrable=models.Deferrable["IMMEDIATE"],
                fields=("client", "path"),
                name="taxonomy_category_client_path",
            ),
        ),
        migrations.CreateModel(
            name="CategoryAlias",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=512)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aliases",
                        to="taxonomy.category",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.client",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "category aliases",
                "db_table": "taxonomy_alias",
                "constraints": [
                    models.UniqueConstraint(fields=("client", "path"), name="taxonomy_alias_client_path"),
                    models.CheckConstraint(
                        condition=models.Q(("path__regex", "^[a-z0-9_-]+(/[a-z0-9_-]+)*$")),
                        name="taxonomy_alias_path",
                    ),
                ],
            },
        ),
        migrations.RunSQL(REPAIR, migrations.RunSQL.noop),
        migrations.RunSQL(KEEP, LET_GO),
    ]
