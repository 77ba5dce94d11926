"""Following a topic: the row, and what writes and reads it."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Now

from accounts.models import User
from works.models import Topic


class TopicFollow(models.Model):
    """A member follows a topic. How many do is shown nowhere: it says nothing about the topic."""

    follower = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="topic_follows", db_index=False)
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="follows")
    followed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        app_label = "profiles"
        constraints = [models.UniqueConstraint(fields=["follower", "topic"], name="profiles_topicfollow_once")]

    def __str__(self) -> str:
        return f"{self.follower_id} follows {self.topic_id}"


def follow_topic(user: User, topic: Topic) -> None:
    """Make the member a follower; once is enough."""
    TopicFollow.objects.get_or_create(follower=user, topic=topic)


def unfollow_topic(user: User, topic: Topic) -> None:
    """Make the member no follower."""
    TopicFollow.objects.filter(follower=user, topic=topic).delete()


def is_following_topic(user: User, topic: Topic) -> bool:
    """Whether the member follows the topic."""
    return TopicFollow.objects.filter(follower=user, topic=topic).exists()


def list_followed_topics(user: User | AnonymousUser) -> list[Topic]:
    """Return the topics that a member follows, by name."""
    return list(Topic.objects.filter(follows__follower=user.pk).order_by("name", "code"))
