"""`manage.py resolve`: resolve everybody's identity anew, and see how far that is."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from profiles.identity.runs import describe_run, plan_run, resolve_next_chunk
from profiles.models import ResolutionRun
from profiles.tasks import start_walkers


class Command(BaseCommand):
    """Queue a full re-run, or do it here, or say how the last one stands."""

    help = "Without words: how the last full re-run stands. Decisions, claimed records and addresses are kept."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the words."""
        parser.add_argument("--all", action="store_true", help="queue a full re-run for the workers")
        parser.add_argument("--here", action="store_true", help="with --all: do it in this process, and show progress")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Plan, start, report."""
        if options["all"]:
            run = plan_run()
            if options["here"]:
                while resolve_next_chunk():
                    self.stdout.write(describe_run(run))
            else:
                start_walkers()
        last = ResolutionRun.objects.first()
        self.stdout.write(describe_run(last) if last else "There was no full re-run yet.")
