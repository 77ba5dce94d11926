from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "claims"
    verbose_name = "claims and consent"

    def ready(self) -> None:
        from claims import receivers  # noqa: F401, PLC0415 - connecting the receivers is the point
