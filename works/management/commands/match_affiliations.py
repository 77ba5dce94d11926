"""`manage.py match_affiliations`: find the organisations that printed affiliations mean, now rather than at night."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from works.institutions.resolve import match_printed_affiliations


class Command(BaseCommand):
    """Match the printed affiliations against the institutions."""

    help = "Match every printed affiliation that nobody looked at yet; --again: those that were looked at, too."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whether to begin anew."""
        parser.add_argument("--again", action="store_true", help="also those that were matched before")

    def handle(self, *args: Any, **options: Any) -> None:
        """Match, and say how many."""
        done = match_printed_affiliations(again=options["again"])
        self.stdout.write(f"{done.matched} of {done.looked_at} printed affiliations matched")
