"""Django's settings: one file, everything that differs between machines read from the environment.

`make demo` and `make run` set the environment by themselves. README.md, "Real servers", lists the
variables for production; a missing or malformed one stops the start with a message that names it.
"""

from pathlib import Path
from urllib.parse import urlsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF
from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()

DEBUG = env.bool("BZPEER_DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", validate=lambda key: len(key) >= 50)
SITE_URL = env.str("BZPEER_SITE_URL", "http://127.0.0.1:8000").rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname or "127.0.0.1"
SITE_IS_HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env.list("BZPEER_ALLOWED_HOSTS", [SITE_HOST])
CONTACT_EMAIL = env.str("BZPEER_CONTACT_EMAIL", f"contact@{SITE_HOST}")
VAR_DIR = env.path("BZPEER_VAR", BASE_DIR / "var")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "accounts",
    "works",
    "profiles",
    "graph",
    "search",
    "bzpeer.pages",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "bzpeer.pages.middleware.ServiceNotReadyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "bzpeer.urls"
WSGI_APPLICATION = "bzpeer.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bzpeer.pages.context_processors.site",
            ],
        },
    },
]

# --- Stores -------------------------------------------------------------------------------------

DATABASES = {"default": env.dj_db_url("DATABASE_URL", engine="django.db.backends.postgresql")}
DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
DATABASES["default"].setdefault("CONN_HEALTH_CHECKS", True)
# How like a name must be to what was typed, of 1, for the index to offer it: `Grag Yang` finds Greg Yang at 0.5.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c pg_trgm.word_similarity_threshold=0.45")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

# --- Background work ----------------------------------------------------------------------------

# Celery has a name of its own for what everybody else calls unix://.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True  # what a task did stands in the database, not in a result store
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"works.tasks.*": {"queue": "import"}}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "resume-interrupted-harvests": {"task": "works.tasks.resume_interrupted_harvests", "schedule": 60},
    "catch-up-with-imports": {"task": "profiles.tasks.catch_up", "schedule": 300},
    "clear-old-sessions": {"task": "accounts.tasks.clear_old_sessions", "schedule": crontab(minute=0, hour=3)},
}

# --- arXiv --------------------------------------------------------------------------------------

ARXIV_OAI_URL = env.str("BZPEER_ARXIV_OAI_URL", "https://oaipmh.arxiv.org/oai")

# --- Accounts and mail --------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SITE_IS_HTTPS else "http"

MAIL_DIR = env.path("BZPEER_MAIL_DIR", None)
if MAIL_DIR:  # the embedded instances have no mail server: messages become files one can open
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = MAIL_DIR
else:
    mail_server = env.dj_email_url("EMAIL_URL", "smtp://127.0.0.1:25")
    EMAIL_BACKEND = mail_server["EMAIL_BACKEND"]
    EMAIL_HOST = mail_server["EMAIL_HOST"]
    EMAIL_PORT = mail_server["EMAIL_PORT"]
    EMAIL_HOST_USER = mail_server["EMAIL_HOST_USER"]
    EMAIL_HOST_PASSWORD = mail_server["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS = mail_server.get("EMAIL_USE_TLS", False)
    EMAIL_USE_SSL = mail_server.get("EMAIL_USE_SSL", False)
    EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("BZPEER_FROM_EMAIL", f"BZPEER <{CONTACT_EMAIL}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Language, time, files ----------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

PLAIN_STATIC = env.bool("BZPEER_PLAIN_STATIC", DEBUG)  # serve static/ as it lies there, for tests and development
STATIC_URL = "static/"
STATIC_ROOT = env.path("BZPEER_STATIC_ROOT", VAR_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if PLAIN_STATIC
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = PLAIN_STATIC

# --- Safety -------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
CSRF_FAILURE_VIEW = "bzpeer.pages.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_SSL_REDIRECT = SITE_IS_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if SITE_IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SITE_IS_HTTPS
SECURE_HSTS_PRELOAD = SITE_IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BZPEER_BEHIND_PROXY", False) else None
SESSION_COOKIE_SECURE = SITE_IS_HTTPS
CSRF_COOKIE_SECURE = SITE_IS_HTTPS
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# Two instances on one machine share the host name 127.0.0.1, and cookies do not know ports.
COOKIE_SUFFIX = f"_{urlsplit(SITE_URL).port}" if urlsplit(SITE_URL).port else ""
SESSION_COOKIE_NAME = f"bzpeer_session{COOKIE_SUFFIX}"
CSRF_COOKIE_NAME = f"bzpeer_csrf{COOKIE_SUFFIX}"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("BZPEER_LOG_LEVEL", "INFO")},
}
