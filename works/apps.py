from django.apps import AppConfig
from django.db.models.signals import pre_migrate


class WorksConfig(AppConfig):
    name = "works"
    verbose_name = "works and imports"

    def ready(self) -> None:
        from works import receivers  # noqa: F401, PLC0415 - connecting them is the point
        from works.arxiv.lean_tables import put_back_before_migrations  # noqa: PLC0415 - needs the apps to be loaded

        pre_migrate.connect(put_back_before_migrations, sender=self)
