"""`manage.py import_run pause|resume|cancel RUN`: stop an import run after its page, go on with it, or end it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from works.models import ImportRun
from works.runs import RunStateError, cancel_run, pause_run, resume_run
from works.tasks import harvest

MOVES = {"pause": pause_run, "resume": resume_run, "cancel": cancel_run}


class Command(BaseCommand):
    """Change the state of one run."""

    help = "Pause, resume or cancel an import run; a worker that is at it notices after the page that it is at."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to do, and the number of the run."""
        parser.add_argument("move", choices=MOVES)
        parser.add_argument("run", type=int, help="the number of the run, as import_status shows it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say why it cannot be done."""
        try:
            run = MOVES[options["move"]](options["run"])
        except ImportRun.DoesNotExist as error:
            raise CommandError(f"There is no import run {options['run']}.") from error
        except RunStateError as error:
            raise CommandError(str(error)) from error
        if run.status == ImportRun.Status.QUEUED:
            harvest.delay(run.pk)
        self.stdout.write(f"Import run {run.pk} is {run.get_status_display()}.")
