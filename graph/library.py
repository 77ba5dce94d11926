"""The library that draws the explorer's picture in browsers, which `requirements/browser.py` fetches."""

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static

LIBRARY = "vendor/cytoscape.min.js"


def find_library() -> str:
    """Return its address; empty where it could not be fetched, and pages do without."""
    if settings.PLAIN_STATIC:
        return static(LIBRARY) if finders.find(LIBRARY) else ""
    try:
        return static(LIBRARY)
    except ValueError:  # not among the files that were collected
        return ""
