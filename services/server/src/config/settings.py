"""Settings of the service. Every default is the one for production; development loosens by environment.

A variable NAME may be given as a file instead: NAME_FILE=/path. Order as in Django's own template.
"""

from datetime import timedelta
from pathlib import Path

from config import cors, csp
from config.environment import Environment
from legacy.environment import older_database

env = Environment()
BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = env.secret("DJANGO_SECRET_KEY")
DEBUG = env.bool("DJANGO_DEBUG", default=False)
ALLOWED_HOSTS = env.list("DJANGO_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
# The admin at /admin/. Where it is off, no request passes through sessions and messages.
ADMIN = env.bool("DJANGO_ADMIN", default=False)
ADMIN_APPS = ["django.contrib.admin", "django.contrib.messages", "django.contrib.sessions"]
# The database of an older application, whose rows are imported; without a URL its code is not loaded: docs/legacy.md.
LEGACY = older_database(env, env.str("LEGACY_DATABASE_URL", default=""))
LEGACY_APPS = ["legacy", "comics"]
CORS_ALLOWED_ORIGINS = env.origins("DJANGO_CORS_ORIGINS", default=[])

# The name of the API on its pages, and what its description begins with.
API_TITLE = "REST service"
API_DESCRIPTION = "Everybody reads; who has a token writes. Every error is a problem (RFC 9457)."

INSTALLED_APPS = [
    "docs",  # first, since it replaces a template of the admin
    *(ADMIN_APPS if ADMIN else []),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_filters",
    "django_prometheus",
    *(["corsheaders"] if CORS_ALLOWED_ORIGINS else []),
    "drf_spectacular_sidecar",
    "knox",
    "rest_framework",
    "account",
    "config",
    "fulltext",
    "health",
    "idempotency",
    "runtime",
    "tweet",
    "users",
    *(LEGACY_APPS if LEGACY else []),
]

ADMIN_MIDDLEWARE = [
    f"django.contrib.{name}Middleware"
    for name in ["sessions.middleware.Session", "auth.middleware.Authentication", "messages.middleware.Message"]
]
MIDDLEWARE = [
    "runtime.metrics.count_requests",  # outermost, so that it also counts what others refuse
    "runtime.responses.conform",
    "log_request_id.middleware.RequestIDMiddleware",
    "runtime.log.remember_request",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    *(["corsheaders.middleware.CorsMiddleware"] if CORS_ALLOWED_ORIGINS else []),
    "api.problems.explain",
    "health.gate.Gate",
    "protocol.bodies.only_utf_8",
    "protocol.representations.conditional",
    "django.middleware.common.CommonMiddleware",
    "protocol.routes.Routes",  # before CSRF
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    *(ADMIN_MIDDLEWARE if ADMIN else []),
    "health.overload.Refusal",
    "runtime.metrics.CountViews",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

ADMIN_PROCESSORS = [f"django.{name}" for name in ["template.context_processors.request",
    "contrib.auth.context_processors.auth", "contrib.messages.context_processors.messages"]]  # fmt: skip
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["docs.context.title", *(ADMIN_PROCESSORS if ADMIN else [])]},
    }
]

DATABASES = {
    "default": {
        "ENGINE": "runtime.postgresql",
        "HOST": env.str("POSTGRES_HOST", default="127.0.0.1"),
        "PORT": env.int("POSTGRES_PORT", default=5432),
        "NAME": env.str("POSTGRES_DB", default="service"),
        "USER": env.str("POSTGRES_USER", default="app"),
        "PASSWORD": env.secret("POSTGRES_PASSWORD"),
        # A new connection costs 2 to 3 ms. Without the check, a restart of the database would be a 500.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 2,
            "application_name": "server",
            # libpq would look for Kerberos tickets first: 0.4 MB in each worker. Default: prefer.
            "gssencmode": "disable",
            # libpq's options; migrations run with "-c role=owner".
            "options": env.str("POSTGRES_OPTIONS", default=""),
        },
        "TEST": {"NAME": "test_service"},
    },
    **LEGACY,
}
DATABASE_ROUTERS = ["legacy.router.LegacyRouter"] if LEGACY else []
CACHES = {"default": {"BACKEND": "runtime.cache.Cache"}}

AUTHENTICATION_BACKENDS = ["account.backends.LimitedBackend"]
AUTH_USER_MODEL = "users.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ["UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator"]
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]  # the image holds the translations of these languages only
TIME_ZONE = "UTC"
USE_I18N = False

STATIC_URL = "/static/"
STATIC_ROOT = env.path("DJANGO_STATIC_ROOT", default="/srv/static")
STORAGES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # no page uses the plain names; the others are compressed: sites.conf

# nginx overwrites this header on every request, so a client cannot forge it: proxies.conf.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("DJANGO_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
# The proxy that ends TLS redirects, too; the pod itself speaks plain HTTP on 127.0.0.1.
SECURE_SSL_REDIRECT = env.bool("DJANGO_SSL_REDIRECT", default=False)
SECURE_REDIRECT_EXEMPT = [r"^healthcheck/"]  # orchestrators and the exporter call the pod directly
SILENCED_SYSTEM_CHECKS = ["security.W008"]  # SECURE_SSL_REDIRECT, see the line above
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
CSRF_FAILURE_VIEW = "api.problems.csrf_failure"
# The admin's origins behind a proxy that ends TLS, such as https://api.example.org
CSRF_TRUSTED_ORIGINS = env.list("DJANGO_CSRF_TRUSTED_ORIGINS", default=[])
SECURE_CSP = csp.POLICY
CORS_URLS_REGEX, CORS_ALLOW_HEADERS, CORS_EXPOSE_HEADERS = cors.PATHS, cors.REQUEST_HEADERS, cors.RESPONSE_HEADERS

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["account.authentication.BearerAuthentication"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "api.negotiation.ContentNegotiation",
    "DEFAULT_FILTER_BACKENDS": ["api.filters.FilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "api.pagination.LinkHeaderPagination",
    "DEFAULT_PARSER_CLASSES": ["api.parsers.SafeJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["api.renderers.FastJSONRenderer", "api.renderers.PageRenderer"],
    # A view that is open to everybody declares it.
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["api.throttling.AnonymousThrottle", "api.throttling.UserThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        # By address. Rootless Podman's usual network gives all clients one, so this limits a flood, not a crowd.
        "anon": env.rate("DJANGO_THROTTLE_ANON", default="100000/min"),
        "user": env.rate("DJANGO_THROTTLE_USER", default="6000/min"),
        # Logins of one name; wrong passwords, and wrong tokens, of one address.
        "login": env.rate("DJANGO_THROTTLE_LOGIN", default="10/min"),
        "guess": env.rate("DJANGO_THROTTLE_GUESS", default="100/min"),
    },
    "EXCEPTION_HANDLER": "api.problems.handle",
    # nginx. Without this, a client could choose the address by which it is counted.
    "NUM_PROXIES": 1,
    "UNAUTHENTICATED_USER": None,
    "URL_FIELD_NAME": "href",
    "URL_FORMAT_OVERRIDE": None,  # `Accept` chooses: one resource has one URL
}
REST_KNOX = {"AUTH_HEADER_PREFIX": "Bearer", "TOKEN_TTL": timedelta(hours=10)}
# Seconds; responses of Django take some milliseconds. Each bound is a series for each view.
PROMETHEUS_LATENCY_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, float("inf"))
# How long a repeated Idempotency-Key gets the first response again.
IDEMPOTENCY_LIFETIME = timedelta(hours=24)

# nginx sets the id, and replaces one that is not well-formed: log.conf.
LOG_REQUEST_ID_HEADER = "HTTP_X_REQUEST_ID"
GENERATE_REQUEST_ID_IF_NOT_IN_HEADER = True
REQUEST_ID_RESPONSE_HEADER = "X-REQUEST-ID"
NO_REQUEST_ID = "-"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "runtime.log.Formatter"}},
    # A pipe to PID 1 of the container, which never blocks a request: services/supervisor/run.py.
    "handlers": {"console": {"class": "runtime.log.ConsoleHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.str("DJANGO_LOG_LEVEL", default="INFO")},
    # Django's own handlers print multi-line tracebacks and, without debug, mail them.
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}

# config.E001 reports them: checks.py. Last, so that all variables are read.
ENVIRONMENT_FAULTS = env.faults
