"""`manage.py import_ror FILE`: load the dump of the Research Organization Registry, or bring it up to date."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from works.institutions.dump import UnreadableDump, read_dump
from works.institutions.load import import_organisations
from works.institutions.resolve import match_printed_affiliations


class Command(BaseCommand):
    """Import the organisations, then match the printed affiliations against them anew."""

    help = "Load ROR's dump (.json, .jsonl, .gz or .zip) into the institutions; running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path, help="v2.x-…-ror-data.zip as the registry publishes it")
        parser.add_argument("--no-matching", action="store_true", help="leave the affiliations for match_affiliations")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import all of the file or, when it cannot be read, nothing of it."""
        try:
            done = import_organisations(read_dump(options["file"]))
        except UnreadableDump as error:
            raise CommandError(f"Nothing was imported: {error}") from error
        self.stdout.write(
            f"{done.created} created, {done.updated} updated, {done.unchanged} unchanged, {done.rejected} rejected"
        )
        if done.first_reason:
            self.stderr.write(f"The first that was rejected is {done.first_reason}")
        if not options["no_matching"] and (done.created or done.updated):
            matched = match_printed_affiliations(again=True)
            self.stdout.write(f"{matched.matched} of {matched.looked_at} printed affiliations matched")
