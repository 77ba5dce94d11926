"""The words that names and titles are made of, by which what was misspelt is read.

Triggers fill both tables whenever a researcher or a work is written, by whatever path (migration 0001); words are
never taken out. Indexes of this room on tables of others are made in migration 0002.
"""

from django.db import models


class NameWord(models.Model):
    """A folded word of a researcher's names, of at least 3 letters."""

    word = models.TextField(primary_key=True)

    def __str__(self) -> str:
        return self.word


class TitleWord(models.Model):
    """A word of a work's title as it is spelt, of at least 3 letters."""

    word = models.TextField(primary_key=True)

    def __str__(self) -> str:
        return self.word
