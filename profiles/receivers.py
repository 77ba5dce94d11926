"""What profiles do when works come in."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from accounts.models import User
from accounts.signals import export_wanted
from profiles.gather_institutions import gather_institutions_on
from profiles.models import Follow, TopicFollow
from profiles.tasks import update_profiles_after_load
from works.signals import affiliations_matched, works_loaded


@receiver(works_loaded)
def enqueue_profile_updates(work_ids: Sequence[int], researcher_ids: Sequence[int], **_kwargs: Any) -> None:
    """Let a worker resolve the bylines; the page itself is committed already."""
    if work_ids or researcher_ids:
        update_profiles_after_load.delay(list(work_ids), list(researcher_ids))


@receiver(affiliations_matched)
def gather_institutions(work_ids: Sequence[int] | None, **_kwargs: Any) -> None:
    """Write beside people's names which institutions their bylines mean now."""
    gather_institutions_on(work_ids)


@receiver(export_wanted)
def export_follows(user: User, **_kwargs: Any) -> dict[str, Any]:
    """Hand out whom and what a member follows."""
    follows = Follow.objects.filter(follower=user).select_related("researcher").order_by("pk")
    topics = TopicFollow.objects.filter(follower=user).select_related("topic").order_by("pk")
    return {
        "follows": [
            {"record": follow.researcher.get_absolute_url(), "since": follow.followed_at} for follow in follows
        ],
        "follows_topics": [{"topic": row.topic.code, "since": row.followed_at} for row in topics],
    }
