from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "bzpeer.pages"
    verbose_name = "pages of the site itself"
