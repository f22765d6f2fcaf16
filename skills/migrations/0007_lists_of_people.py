"""What lists of people need: skills and versions in the order of their last change, found by words and beginnings."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('skills', '0006_search_keys_and_stale_vectors'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='skill',
            index=models.Index(fields=['-updated_at', '-id'], name='idx_kaman_skills_changed'),
        ),
        migrations.AddIndex(
            model_name='skill',
            index=models.Index(fields=['-is_published', '-updated_at', '-id'], name='idx_kaman_skills_offered'),
        ),
        migrations.AddIndex(
            model_name='skill',
            index=models.Index(condition=models.Q(('is_published', True)), fields=['client'], name='idx_kaman_skills_shown'),
        ),
        migrations.AddIndex(
            model_name='skill',
            index=models.Index(condition=models.Q(('status', 'active')), fields=['client', 'updated_at'], name='idx_kaman_skills_active'),
        ),
        migrations.AddIndex(
            model_name='skill',
            index=models.Index(
                condition=models.Q(('status', 'active')),
                fields=['slug', 'client', '-version'],
                include=['id'],
                name='idx_kaman_skills_address',
            ),
        ),
        migrations.AddIndex(
            model_name='skill',
            index=models.Index(fields=['slug'], name='idx_kaman_skills_slug_start', opclasses=['varchar_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='skillversion',
            index=models.Index(fields=['-created_at', '-sort_key'], name='skill_version_newest'),
        ),
        migrations.AddIndex(
            model_name='skillversion',
            index=models.Index(fields=['content_sha256'], name='skill_version_digest', opclasses=['varchar_pattern_ops']),
        ),
    ]
