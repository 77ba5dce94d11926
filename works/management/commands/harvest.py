"""`manage.py harvest`: have the worker import from arXiv what changed in a window of days, all of it or one set."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from works.models import ImportRun
from works.tasks import harvest


class Command(BaseCommand):
    """Queue one harvest; the admin shows how it goes."""

    help = "Queue a harvest of arXiv; the worker does it, politely, and goes on where it was when it is interrupted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the window and the set; none means everything."""
        parser.add_argument("--set", default="", help="one of arXiv's sets, such as econ or cs:cs:LG")
        parser.add_argument("--from", type=date.fromisoformat, help="first day, as 2026-11-20")
        parser.add_argument("--until", type=date.fromisoformat, help="last day")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Check the window, store the run, hand it to the worker."""
        window = {"from_date": options["from"], "until_date": options["until"]}
        run = ImportRun(endpoint=settings.ARXIV_OAI_URL, set_spec=options["set"], **window)
        try:
            run.full_clean()
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        run.save()
        harvest.delay(run.pk)
        self.stdout.write(f"Import run {run.pk} is queued: {settings.SITE_URL}/admin/works/importrun/")
