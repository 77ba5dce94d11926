"""Topics by code and name: all of the taxonomy is read at once, and ranked here."""

from difflib import SequenceMatcher
from functools import lru_cache

from works.models import Topic
from works.names import fold

LEAST_ALIKE = 0.75


def find_topics(text: str, *, near: bool = True) -> tuple[list[Topic], bool]:
    """Return the topics that have all the words, best first, or else similar ones; and whether they are only that."""
    asked = fold(text)
    topics = list(Topic.objects.only("code", "name", "archive_name", "active"))
    words = asked.split()
    fitting = [topic for topic in topics if all(word in label(topic) for word in words)] if asked else []
    if fitting or not near:
        return sorted(fitting, key=lambda topic: preference(topic, asked)), False
    alike = [(likeness(topic, asked), topic.code, topic) for topic in topics] if asked else []
    best = sorted((row for row in alike if row[0] >= LEAST_ALIKE), key=lambda row: (-row[0], row[1]))
    return [topic for _likeness, _code, topic in best], True


def label(topic: Topic) -> str:
    """What a topic is searched in."""
    return fold_once(f"{topic.code} {topic.name} {topic.archive_name}".replace(".", " ") + f" {topic.code}")


@lru_cache(maxsize=1000)
def fold_once(text: str) -> str:
    """Fold a text of the taxonomy, which is read for every letter typed."""
    return fold(text)


def preference(topic: Topic, asked: str) -> tuple[bool, bool, bool, bool, str]:
    """Sort by: the very code, the very name, a name that begins so, still open, the code."""
    name = fold(topic.name)
    return (fold(topic.code) != asked, name != asked, not name.startswith(asked), not topic.active, topic.code)


def likeness(topic: Topic, asked: str) -> float:
    """How alike the text and the name are, of 1."""
    return SequenceMatcher(None, asked, fold(topic.name)).ratio()
