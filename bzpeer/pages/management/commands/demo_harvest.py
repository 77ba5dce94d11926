"""`manage.py demo_harvest`: the main job of `make demo`, done by the worker and watched from here."""

import time
from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count, Q

from profiles.models import Researcher
from profiles.services import list_works_left_behind
from works.arxiv.harvest import describe_counts
from works.models import ImportRun, Work
from works.runs import finish_run
from works.tasks import harvest

POLL_SECONDS = 0.2
PATIENCE_SECONDS = 90
LIVE_WINDOW = timedelta(days=3)
LIVE_SET = "econ"  # arXiv's smallest group: a few dozen records in three days


class Command(BaseCommand):
    """Enqueue a harvest, print its progress until profiles are up to date, and print a person's address."""

    help = "Harvest an OAI-PMH endpoint through the worker, wait until the profiles are there, and say where to look."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the endpoint, and whether to ask the real arXiv as well."""
        parser.add_argument("--endpoint", required=True, help="base URL of the sample's OAI-PMH endpoint")
        parser.add_argument("--live", action="store_true", help="also harvest three days of one small set of arXiv")
        parser.add_argument("--person", default="Greg Yang", help="whose page to point at when done")

    def handle(self, *args: Any, endpoint: str, live: bool, person: str, **options: Any) -> None:
        """Run the job."""
        close_runs_of_earlier_demos(endpoint)
        self.harvest_and_wait(ImportRun.objects.create(endpoint=endpoint))
        if live:
            self.ask_arxiv()
        self.stdout.write(f"\n{person}'s page:\n{settings.SITE_URL}{find_person(person).get_absolute_url()}\n")

    def ask_arxiv(self) -> None:
        """Harvest a small window of the real arXiv; the demo goes on without it when arXiv does not answer."""
        since = datetime.now(UTC).date() - LIVE_WINDOW
        run = ImportRun.objects.create(endpoint=settings.ARXIV_OAI_URL, set_spec=LIVE_SET, from_date=since)
        try:
            self.harvest_and_wait(run)
        except CommandError as error:
            if not run.finished_at:  # or later demos would go on asking arXiv, which nobody asked them to
                finish_run(run, ImportRun.Status.FAILED, error="The demo gave up waiting.")
            self.stderr.write(f"{error} The demo goes on without it.")

    def harvest_and_wait(self, run: ImportRun) -> None:
        """Let the worker do the run; print what it did so far whenever that changes."""
        self.stdout.write(f"Harvesting {run.endpoint} over OAI-PMH …")
        harvest.delay(run.pk)
        self.watch(run)
        if run.status == ImportRun.Status.FAILED:
            raise CommandError(f"The harvest of {run.endpoint} failed: {run.error} Nothing that was loaded is lost.")
        self.stdout.write("Resolving authors and computing trust …")
        self.wait_for_profiles()
        listed = Researcher.objects.filter(state__in=Researcher.LISTED_STATES)  # not those that went up in another
        self.stdout.write(f"  {Work.objects.count()} works, {listed.count()} researchers")

    def watch(self, run: ImportRun) -> None:
        """Wait until the run is over; give up when nothing moves for a long time."""
        moved, shown = time.monotonic(), ""
        while not run.finished_at:
            time.sleep(POLL_SECONDS)
            run.refresh_from_db()
            line = f"  page {run.pages}: {describe_counts(run)}"
            if run.pages and line != shown:
                self.stdout.write(line)
                moved, shown = time.monotonic(), line
            if time.monotonic() - moved > PATIENCE_SECONDS:
                raise CommandError(
                    f"{run.endpoint} gave nothing for {PATIENCE_SECONDS} seconds; the worker's log says more."
                )

    def wait_for_profiles(self) -> None:
        """Wait until no byline is unresolved and no trust is stale."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while list_works_left_behind(limit=1):
            if time.monotonic() > deadline:
                raise CommandError(
                    f"The bylines are not resolved after {PATIENCE_SECONDS} seconds: the worker's log says more."
                )
            time.sleep(POLL_SECONDS)


def close_runs_of_earlier_demos(endpoint: str) -> None:
    """Close the runs whose sample endpoint went away with the demo that was killed."""
    local = ImportRun.objects.filter(finished_at__isnull=True, endpoint__startswith="http://127.0.0.1:")
    for run in local.exclude(endpoint=endpoint):
        finish_run(run, ImportRun.Status.FAILED, error="The demo that served this endpoint was stopped.")


def find_person(name: str) -> Researcher:
    """Return the researcher of that name with the most works."""
    works = Count("authorships__work", filter=Q(authorships__work__hidden=False))
    found = Researcher.objects.filter(display_name=name, state__in=Researcher.LISTED_STATES)
    person = found.annotate(number=works).order_by("-number", "pk").first()
    if person is None:
        raise CommandError(f"No researcher called {name} was imported.")
    return person
