"""Django's settings: one file, everything that differs between machines read from the environment.

`make demo` and `make run` set the environment by themselves. README.md, "Real servers", lists the
variables for production; a missing or malformed one stops the start with a message that names it.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF
from environs import Env, validate

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
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "accounts",
    "works",
    "profiles",
    "claims",
    "graph",
    "exports",
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
    "exports.middleware.OtherFormsMiddleware",
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
# A harvest takes hours; what its pages set off must not wait behind it, nor behind what looks at everything.
CELERY_TASK_ROUTES = {
    "profiles.tasks.update_profiles_*": {"queue": "pages"},
    "profiles.tasks.catch_up": {"queue": "processing"},
    "works.institutions.tasks.match_affiliations_of_works": {"queue": "pages"},
    "works.institutions.tasks.match_new_affiliations": {"queue": "processing"},
    "works.tasks.*": {"queue": "import"},
}
# Of the crontabs below: arXiv announces by the clock of Ithaca, summer time included.
CELERY_TIMEZONE = "America/New_York"
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "resume-interrupted-harvests": {"task": "works.tasks.resume_interrupted_harvests", "schedule": 60},
    "resume-resolution": {"task": "profiles.tasks.resume_resolution", "schedule": 120},
    "catch-up-with-imports": {"task": "profiles.tasks.catch_up", "schedule": 300},
    "match-new-affiliations": {
        "task": "works.institutions.tasks.match_new_affiliations",
        "schedule": crontab(minute=30, hour=3),
    },
    "let-time-pass-over-claims": {"task": "claims.tasks.let_time_pass", "schedule": 600},
    "forget-addresses": {"task": "claims.tasks.forget_addresses", "schedule": crontab(minute=15, hour=3)},
    "catch-up-with-accounts": {"task": "accounts.tasks.catch_up", "schedule": 900},
    "forget-old-changes": {"task": "graph.tasks.forget_old_changes", "schedule": crontab(minute=15)},
    "clear-old-sessions": {"task": "accounts.tasks.clear_old_sessions", "schedule": crontab(minute=0, hour=3)},
}
# Off unless asked for, so that a demo or a developer's site never contacts arXiv by itself.
ARXIV_HARVEST = env.bool("BZPEER_ARXIV_HARVEST", False)
if ARXIV_HARVEST:
    CELERY_BEAT_SCHEDULE |= {
        # After the announcement of 20:00, which comes Sunday to Thursday.
        "daily-harvest": {
            "task": "works.tasks.harvest_what_is_new",
            "schedule": crontab(minute=30, hour=22, day_of_week="sun-thu"),
        },
        # The day that nothing is announced before or after.
        "weekly-sweep": {"task": "works.tasks.sweep", "schedule": crontab(minute=0, hour=2, day_of_week="sat")},
    }

# --- API ----------------------------------------------------------------------------------------

# For an address without a key, and for a key.
API_REQUESTS_A_MINUTE = {
    "anonymous": env.int("BZPEER_API_REQUESTS", 60),
    "key": env.int("BZPEER_API_REQUESTS_WITH_KEY", 600),
}

# --- arXiv --------------------------------------------------------------------------------------

ARXIV_OAI_URL = env.str("BZPEER_ARXIV_OAI_URL", "https://oaipmh.arxiv.org/oai")
ARXIV_FORMATS = ["arXivRaw", "arXiv", "oai_dc"]
ARXIV_METADATA_PREFIX = env.str("BZPEER_ARXIV_FORMAT", "arXivRaw", validate=validate.OneOf(ARXIV_FORMATS))
ARXIV_SET = env.str("BZPEER_ARXIV_SET", "")  # what the daily harvest asks for; nothing means everything
# Where harvested pages are kept, to be loaded again without asking arXiv: nowhere unless set; and how much of them.
ARXIV_PAGES_DIR = env.path("BZPEER_ARXIV_PAGES_DIR", None)
ARXIV_PAGES_MEGABYTES = env.int("BZPEER_ARXIV_PAGES_MEGABYTES", 4096, validate=validate.Range(min=1))
# For benchmarks: keep arXiv's pace even towards an endpoint on this machine.
ARXIV_PACE_LOOPBACK = env.bool("BZPEER_ARXIV_PACE_LOOPBACK", False)
ARXIV_API_URL = env.str("BZPEER_ARXIV_API_URL", "https://export.arxiv.org/api/query")
ARXIV_FEED_URL = env.str("BZPEER_ARXIV_FEED_URL", "https://arxiv.org/a").rstrip("/")


# --- Proofs of claims ---------------------------------------------------------------------------

# Hosts that pages named by claimants may be fetched from although they are not public. Only tests add to it; it is
# deliberately not read from the environment.
FETCH_PRIVATE_HOSTS: frozenset[str] = frozenset()

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
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password, a new passkey or ORCID iD: the owner of the account is told
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SITE_IS_HTTPS else "http"

ACCOUNT_RATE_LIMITS = {
    # Beside django-allauth's own, for what sends mail, asks other sites, or checks a secret.
    "claims_submit": "10/d/user",
    "claims_proof": "10/h/user",
    "claims_secret": "20/h/user",
    "claims_merge": "30/h/user",
    "claims_report": "5/h/ip",
    "claims_report_secret": "30/h/ip",
    "account_export": "3/d/user",
}

# Passkeys need the site's own name, so they are bound to BZPEER_SITE_URL.
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {"add_webauthn": "accounts.forms.PasskeyForm"}
MFA_TOTP_ISSUER = "BZPEER"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = SITE_HOST in {"127.0.0.1", "localhost"}

# Following what each session does would tie every public page to a cookie.
USERSESSIONS_TRACK_ACTIVITY = False

# ORCID signs members in, but an address that it might tell never leads into an existing account.
ORCID_ISSUER = env.str("BZPEER_ORCID_ISSUER", "https://orcid.org").rstrip("/")
ORCID_CLIENT_ID = env.str("BZPEER_ORCID_CLIENT_ID", "")
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "mandatory"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "orcid",
                "name": "ORCID",
                "client_id": ORCID_CLIENT_ID,
                "secret": env.str("BZPEER_ORCID_SECRET", ""),
                "settings": {"server_url": ORCID_ISSUER, "scope": ["openid"]},
            }
        ]
        if ORCID_CLIENT_ID  # without credentials there is nothing to sign in with, and nothing is offered
        else [],
    }
}

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
USE_I18N = False  # one language: looking it up for every number on a page took a tenth of the time

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
        # The form that leads to ORCID is ours, but browsers apply this to where it redirects as well.
        "form-action": [SELF, ORCID_ISSUER],
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
