"""The WSGI application that the web server imports as `bzpeer.wsgi:application`."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bzpeer.settings")

application = get_wsgi_application()

# Everything that the first request would load is loaded now, and no garbage collection looks at it again: with all of
# it, one in some thousand requests waited for 150 ms.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
