"""`manage.py import_paper ID…`: fetch papers by their arXiv ids and load them, now."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from works.arxiv.errors import ArxivError
from works.arxiv.fetch import FetchResult, import_papers


class Command(BaseCommand):
    """Import single papers."""

    help = "Import papers by their arXiv ids from arXiv's Atom API, with the affiliations that it gives."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the ids."""
        parser.add_argument("arxiv_ids", nargs="+", metavar="ID", help="such as 2011.14522 or hep-th/9901001")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fetch and load; say what arXiv does not know."""
        try:
            result = import_papers(options["arxiv_ids"])
        except ArxivError as error:
            raise CommandError(str(error)) from error
        report(self, result)
        found = set(result.arxiv_ids)
        if missing := [
            each for each in options["arxiv_ids"] if each.rpartition("v")[0] not in found and each not in found
        ]:
            raise CommandError(f"arXiv gave no answer for {', '.join(missing)}")


def report(command: BaseCommand, result: FetchResult) -> None:
    """Write the counts, and each entry that was rejected with its reason."""
    counts = f"{result.created} created, {result.updated} updated, {result.unchanged} unchanged"
    command.stdout.write(f"{counts}, {len(result.rejected)} rejected")
    for rejected in result.rejected:
        command.stderr.write(f"{rejected.identifier}: {rejected.reason}")
