from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "profiles"
    verbose_name = "researchers"

    def ready(self) -> None:
        from profiles import follow, receivers  # noqa: F401, PLC0415 - connecting the receivers is the point
