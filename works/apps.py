from django.apps import AppConfig


class WorksConfig(AppConfig):
    name = "works"
    verbose_name = "works and imports"

    def ready(self) -> None:
        from works import receivers  # noqa: F401, PLC0415 - connecting them is the point
