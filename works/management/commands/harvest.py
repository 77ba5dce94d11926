"""`manage.py harvest`: have the worker import from arXiv: all of it, one set, a window of days, or what is new."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from works.runs import begin_run, next_from_date
from works.tasks import harvest


class Command(BaseCommand):
    """Queue one harvest; the admin and `import_run` show how it goes."""

    help = "Queue a harvest of arXiv; the worker does it, politely, and goes on where it was when it is interrupted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the window, the set and the format; none means everything, in arXiv's richest format."""
        parser.add_argument("--set", default="", help="one of arXiv's sets, such as econ or cs:cs:LG")
        parser.add_argument(
            "--format", default="arXivRaw", choices=settings.ARXIV_FORMATS, help="metadata format (arXivRaw)"
        )
        start = parser.add_mutually_exclusive_group()
        start.add_argument("--from", type=date.fromisoformat, help="first day, as 2026-11-20")
        start.add_argument(
            "--incremental", action="store_true", help="from a day before the last one that was harvested to its end"
        )
        parser.add_argument("--until", type=date.fromisoformat, help="last day")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the window, store the run, hand it to the worker."""
        source = settings.ARXIV_OAI_URL, options["format"], options["set"]
        start = next_from_date(*source) if options["incremental"] else options["from"]
        try:
            run = begin_run(*source, from_date=start, until_date=options["until"])
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        harvest.delay(run.pk)
        window = f"from {start}" if start else "from the beginning"
        self.stdout.write(f"Import run {run.pk} is queued, {window}: {settings.SITE_URL}/admin/works/importrun/")
