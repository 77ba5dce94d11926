"""`manage.py check_slices`: read the kept slices again from scratch, and find no difference."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from graph.views import check_kept


class Command(BaseCommand):
    """Compare what is kept with what would be read now; only reads."""

    help = "Compare every kept slice with one that is read from scratch."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many were compared; fail when one differs."""
        checked, different = check_kept()
        self.stdout.write(f"{checked} kept slices compared, {len(different)} differ")
        if different:
            raise CommandError(f"These differ: {' '.join(different)}")
