"""What the arXiv author feed of a member's ORCID iD listed when it was last fetched."""

from allauth.socialaccount.models import SocialAccount
from django.contrib.postgres.fields import ArrayField
from django.db import models


class AuthorFeed(models.Model):
    """The feed of an iD that a member has signed in with; it goes with the sign-in."""

    account = models.OneToOneField(SocialAccount, models.CASCADE, primary_key=True, related_name="author_feed")
    arxiv_ids = ArrayField(models.CharField(max_length=32), default=list, help_text="Without versions")
    fetched_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"author feed of {self.account_id}, {len(self.arxiv_ids)} works"
