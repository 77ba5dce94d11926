"""`manage.py replay_pages`: load the harvested pages that were kept, without asking arXiv."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from works.arxiv.load import LoadResult
from works.pages import replay_pages


class Command(BaseCommand):
    """Load page after page; what is known already is unchanged."""

    help = "Load the kept pages again, through the same parser and loader as a harvest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder."""
        parser.add_argument("folder", nargs="?", type=Path, help="where the pages are (BZPEER_ARXIV_PAGES_DIR)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what each page did; fail in the end when one could not be read."""
        folder = options["folder"] or settings.ARXIV_PAGES_DIR
        if folder is None or not Path(folder).is_dir():
            raise CommandError(f"There is no folder of kept pages: {folder or 'BZPEER_ARXIV_PAGES_DIR is not set'}.")
        whole, unread = LoadResult(), 0
        for path, outcome in replay_pages(Path(folder)):
            if isinstance(outcome, str):
                unread += 1
                self.stderr.write(f"{path.name}: {outcome}")
            else:
                whole.add(outcome)
        counts = f"{whole.created} created, {whole.updated} updated, {whole.unchanged} unchanged"
        self.stdout.write(f"{counts}, {len(whole.rejected)} rejected")
        if unread:
            raise CommandError(f"{unread} pages could not be read.")
