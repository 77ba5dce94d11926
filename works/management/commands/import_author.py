"""`manage.py import_author NAME` or `--feed ID`: fetch an author's papers and load them, now."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from works.arxiv.atom_client import MOST_IN_ALL
from works.arxiv.errors import ArxivError
from works.arxiv.fetch import import_author, import_author_feed
from works.management.commands.import_paper import report


class Command(BaseCommand):
    """Import the papers of one author."""

    help = "Import what arXiv finds for an author's name, or the feed of an arXiv author id or ORCID iD."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a name or a feed."""
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("name", nargs="?", help="such as “Yang, Greg”; others of that name come along")
        which.add_argument("--feed", metavar="ID", help="an arXiv author id such as yang_g_1, or an ORCID iD")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fetch and load; say when arXiv has more than it gives."""
        try:
            result = import_author_feed(options["feed"]) if options["feed"] else import_author(options["name"])
        except ArxivError as error:
            raise CommandError(str(error)) from error
        report(self, result)
        if result.total and result.total > MOST_IN_ALL:
            self.stderr.write(f"arXiv has {result.total} and gives no more than {MOST_IN_ALL}; harvest them instead")
