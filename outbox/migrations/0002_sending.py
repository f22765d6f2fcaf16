from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('outbox', '0001_initial'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='outboxevent',
            index=models.Index(condition=models.Q(('published_at__isnull', False)), fields=['published_at'], name='outbox_published'),
        ),
        migrations.AddIndex(
            model_name='outboxevent',
            index=models.Index(condition=models.Q(('set_aside_at__isnull', False)), fields=['id'], name='outbox_set_aside'),
        ),
        migrations.AddIndex(
            model_name='outboxevent',
            index=models.Index(fields=['key', 'id'], name='outbox_key'),
        ),
        migrations.AddConstraint(
            model_name='outboxevent',
            constraint=models.CheckConstraint(condition=models.Q(('published_at__isnull', True), ('set_aside_at__isnull', True), _connector='OR'), name='outbox_published_or_set_aside'),
        ),
    ]
