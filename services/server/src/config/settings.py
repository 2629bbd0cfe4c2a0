"""Settings of the service. Every default is the one for production; development loosens by environment.

A variable NAME may be given as a file instead: NAME_FILE=/path. Order as in Django's own template.
"""

from pathlib import Path

from config.environment import Environment

env = Environment()
BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = env.secret("DJANGO_SECRET_KEY")
DEBUG = env.bool("DJANGO_DEBUG", default=False)
ALLOWED_HOSTS = env.list("DJANGO_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "django_prometheus",
    "rest_framework",
    "config",
    "health",
    "tweet",
]

MIDDLEWARE = [
    # Outermost, so that it times and counts everything below it.
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "log_request_id.middleware.RequestIDMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": env.str("POSTGRES_HOST", default="127.0.0.1"),
        "PORT": env.int("POSTGRES_PORT", default=5432),
        "NAME": env.str("POSTGRES_DB", default="service"),
        "USER": env.str("POSTGRES_USER", default="app"),
        "PASSWORD": env.secret("POSTGRES_PASSWORD"),
        # A new connection for each request costs 2 to 3 ms; a kept one is checked, else the first request of
        # each worker after a restart of the database is a 500.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 2,
            "application_name": "server",
            # Of libpq; migrations run with "-c role=owner".
            "options": env.str("POSTGRES_OPTIONS", default=""),
        },
        "TEST": {"NAME": "test_service"},
    },
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]  # the image holds the translations of these languages only
TIME_ZONE = "UTC"
USE_I18N = False

STATIC_URL = "/static/"
STATIC_ROOT = env.path("DJANGO_STATIC_ROOT", default="/srv/static")
STORAGES = {
    # Names carry a hash of the content, so nginx lets clients keep them for ever.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}

# nginx overwrites this header on every request, so a client cannot forge it.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("DJANGO_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
# Where TLS ends before this pod, it redirects as well; the pod itself speaks plain HTTP on 127.0.0.1.
SECURE_SSL_REDIRECT = env.bool("DJANGO_SSL_REDIRECT", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W008"]  # SECURE_SSL_REDIRECT, see the line above
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PAGINATION_CLASS": "config.pagination.LinkHeaderPagination",
    "DEFAULT_PARSER_CLASSES": ["config.parsers.SafeJSONParser"],
    "UNAUTHENTICATED_USER": None,
    "URL_FIELD_NAME": "href",
}

# The id comes from nginx, which lets only well-formed ones through: nginx.conf.
LOG_REQUEST_ID_HEADER = "HTTP_X_REQUEST_ID"
GENERATE_REQUEST_ID_IF_NOT_IN_HEADER = True
REQUEST_ID_RESPONSE_HEADER = "X-REQUEST-ID"
NO_REQUEST_ID = "-"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "log_request_id.filters.RequestIDFilter"}},
    "formatters": {
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "{levelname}{name}{message}{request_id}",
            "style": "{",
            "rename_fields": {"levelname": "level", "name": "logger"},
        },
    },
    # A pipe to PID 1 of the container, which never blocks a request: services/base/run.py.
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["request_id"], "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.str("DJANGO_LOG_LEVEL", default="INFO")},
    # Django's own handlers print tracebacks over several lines and, without debug, mail them.
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}

# config.E001 reports them: checks.py. Last, so that all variables are read.
ENVIRONMENT_FAULTS = env.faults
