"""All settings, one module, values from the environment (see .env.example). Production is the default."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
from celery.schedules import schedule
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static

from config import environment as env

django_stubs_ext.monkeypatch()  # makes Django's generic classes subscriptable, as their types say they are

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"

# --- Which house is this? ------------------------------------------------------------------------------------------
ENVIRONMENT = env.text("GUILDHALL_ENV", "production")
if ENVIRONMENT not in {"production", "development", "test"}:
    raise ImproperlyConfigured("GUILDHALL_ENV must be production, development or test")
# Only `make up` sets this: demonstration tenants and keys, no rate limits, Fleet without credentials as tenant 42.
DEVELOPMENT = ENVIRONMENT == "development"
PRODUCTION = ENVIRONMENT == "production"

DEBUG = False
if PRODUCTION and env.flag("DEBUG", False):
    raise ImproperlyConfigured("DEBUG is no setting: errors are told in the logs, under the id that an answer names")
SECRET_KEY = env.secret("SECRET_KEY", required=PRODUCTION)
JWT_SIGNING_KEY = env.secret("JWT_SIGNING_KEY", required=PRODUCTION)
if PRODUCTION and SECRET_KEY == JWT_SIGNING_KEY:
    raise ImproperlyConfigured("JWT_SIGNING_KEY must differ from SECRET_KEY")
# Keys that were: what they signed stays good until they are taken out.
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", required=PRODUCTION)
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

# --- Tenants -------------------------------------------------------------------------------------------------------
SYSTEM_CLIENT_ID = "system"
# The tenant for which contracts without credentials act; exists in development only.
DEFAULT_CLIENT_ID = "42"

# Where clients of Claude Code keep their skills: the folder that the contract's virtual `skill_file` names.
SKILLS_HOME = env.text("GUILDHALL_SKILLS_HOME", "~/.claude/skills")

# --- Apps ----------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "csp",
    "channels",
    "rest_framework",
    "django_filters",
    "drf_spectacular_sidecar",
    "core",
    "accounts",
    "outbox",
    "inference",
    "taxonomy",
    "skills",
    "jobs",
    "analytics",
    "marketplace",
    "conversations",
    "operations",
    "api",
    "catalogue",
]
MIDDLEWARE = [
    "api.middleware.RequestIdMiddleware",
    "operations.probes.ProbesMiddleware",
    "api.observing.ObservingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.policy.PolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "api.handlers.RefusalMiddleware",
]
ROOT_URLCONF = "config.urls"
APPEND_SLASH = False  # every API route takes an optional slash; a redirect would lose a POST's body
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"
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
            ]
        },
    }
]

# --- Stores --------------------------------------------------------------------------------------------------------
DATABASE_URL = env.text("DATABASE_URL", "postgresql://guildhall@localhost/guildhall")
REDIS_URL = env.text("REDIS_URL", "redis://localhost:6379/0")
# A read replica that answers searches (config/routing.py); empty: the primary does.
DATABASE_REPLICA_URL = env.text("DATABASE_REPLICA_URL")
_CONNECTIONS = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DATABASES = {"default": {**env.database(DATABASE_URL), **_CONNECTIONS}}
if DATABASE_REPLICA_URL:
    DATABASES["replica"] = {**env.database(DATABASE_REPLICA_URL), **_CONNECTIONS, "TEST": {"MIRROR": "default"}}
DATABASE_ROUTERS = ["config.routing.SearchRouter"]
# So many seconds PostgreSQL works on one statement of a web process, or of a worker (config/patience.py); 0: no limit.
WEB_STATEMENT_SECONDS = env.number("WEB_STATEMENT_SECONDS", 0 if ENVIRONMENT == "test" else 15)
WORKER_STATEMENT_SECONDS = env.number("WORKER_STATEMENT_SECONDS", 0 if ENVIRONMENT == "test" else 60)
# The documented index name idx_kaman_skills_marketplace_plugin is longer than the 30 characters other databases allow.
SILENCED_SYSTEM_CHECKS = ["models.E034"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Where pg_dump and pg_restore are, if not on the PATH (`manage.py backup`).
POSTGRES_BIN = env.text("POSTGRES_BIN")
CHANNEL_LAYERS = {
    "default": {
        # The core layer loses events with redis-py 8 (its blocking reads meet the new 5 s socket timeout).
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "guildhall"},
    }
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        # Nothing in it is worth waiting for; probes are given a second by most who ask.
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    }
}

# --- People --------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "admin:login"

# Whether people who did not sign in may see what is on offer in the marketplace (names and descriptions, no content).
PUBLIC_MARKETPLACE = env.flag("PUBLIC_MARKETPLACE", False)

# --- HTTP ----------------------------------------------------------------------------------------------------------
# Threads of the bridge; each keeps one connection to PostgreSQL. More do not make Python faster: they cover waiting.
WEB_THREADS = env.number("WEB_THREADS", 4)
# Streams of live events: threads that read for them, how many are held, and how long until a client must resume.
STREAM_THREADS = env.number("STREAM_THREADS", 2)
STREAMS_PER_USER = env.number("STREAMS_PER_USER", 100 if DEVELOPMENT else 20)
STREAMS_PER_PROCESS = env.number("STREAMS_PER_PROCESS", 2000)
STREAM_MAX_SECONDS = env.number("STREAM_MAX_SECONDS", 1800)
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# config/policy.py adds what the desk needs. Answers of the APIs are no pages.
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ("/api/", "/agent/", "/auth/", "/health"),
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "font-src": ["'self'"],
        "img-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    },
}
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION and env.flag("SECURE_SSL_REDIRECT", True)
SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", 3600) if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("SECURE_HSTS_INCLUDE_SUBDOMAINS", PRODUCTION)
SECURE_HSTS_PRELOAD = env.flag("SECURE_HSTS_PRELOAD", PRODUCTION)
BEHIND_TLS_PROXY = env.flag("BEHIND_TLS_PROXY", False)
if BEHIND_TLS_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# How many proxies of ours a request passes: so many addresses at the end of X-Forwarded-For are true.
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 1 if BEHIND_TLS_PROXY else 0)
# How often one may call (docs/adr/0018-rate-limits.md). An empty value switches a limit off. None in development and
# tests.
RATE_LIMITS = {
    name: env.rate(f"RATE_LIMIT_{name.upper()}", rate if PRODUCTION else "")
    for name, rate in (
        # Passwords: one user name at one address, all names at an address, one name at all addresses.
        ("logins", "10 per 5 minutes"),
        ("logins_of_address", "60 per 5 minutes"),
        ("logins_of_name", "100 per 5 minutes"),
        # Wrong keys, tokens and passwords from one address.
        ("refusals", "30 per minute"),
        # One API key, or one person without.
        ("reads", "1200 per minute"),
        ("writes", "120 per minute"),
        # One person over all their keys, contracts and pages.
        ("calls", "3000 per minute"),
        ("searches", "10 per second"),
        ("jobs", "30 per hour"),
        ("messages", "30 per minute"),
    )
}
RATE_LIMIT_STORAGE = REDIS_URL

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["api.rendering.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsing.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "UNAUTHENTICATED_USER": None,
}
SIMPLE_JWT = {
    "ALGORITHM": "HS256",
    "SIGNING_KEY": JWT_SIGNING_KEY,
    "ISSUER": "guildhall",
    "ACCESS_TOKEN_LIFETIME": timedelta(hours=24) if DEVELOPMENT else timedelta(minutes=15),
}

STATIC_URL = "static/"
# `collectstatic` fills it in production; elsewhere the files are served from where the apps keep them.
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else None
WHITENOISE_USE_FINDERS = not PRODUCTION

UNFOLD = {
    "SITE_TITLE": "Guildhall",
    "SITE_HEADER": "Guildhall",
    "SITE_SUBHEADER": "Skills for agents",
    "SITE_SYMBOL": "account_balance",
    "SITE_URL": None,
    "SITE_FAVICONS": [{"rel": "icon", "href": lambda request: static("guildhall/favicon.svg")}],
    "SHOW_HISTORY": False,  # the audit log tells more
    "SHOW_VIEW_ON_SITE": False,
    "STYLES": [lambda request: static("guildhall/colours.css"), lambda request: static("guildhall/desk.css")],
    "SCRIPTS": [lambda request: static("guildhall/counts.js"), lambda request: static("guildhall/keyboard.js")],
    "GLOBAL_CALLBACK": "config.desk.everywhere",
    "DASHBOARD_CALLBACK": "config.dashboard.dashboard",
    "LOGIN": {"form": "accounts.signing_in.DeskSignInForm"},
    "SIDEBAR": {"show_search": True, "navigation": "config.desk.navigation"},
}

# --- Text and time -------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True

# --- Inference -----------------------------------------------------------------------------------------------------
EMBEDDING_MODEL = env.text("GUILDHALL_EMBEDDING_MODEL", "sentence-transformers/all-MiniLM-L6-v2")
EMBEDDING_THREADS = env.number("GUILDHALL_EMBEDDING_THREADS", 1)
MODEL_DIR = Path(env.text("GUILDHALL_MODEL_DIR", str(BASE_DIR / "var" / "models")))
# A model behind an OpenAI-compatible chat API. Without LLM_MODEL none is called, and rules write.
LLM_MODEL = env.text("GUILDHALL_LLM_MODEL")
LLM_BASE_URL = env.text("GUILDHALL_LLM_BASE_URL", "https://api.openai.com/v1")
LLM_API_KEY = env.text("GUILDHALL_LLM_API_KEY")
# Other models for single steps, by the names of inference.llm.provider.STEPS.
LLM_MODELS = env.pairs("GUILDHALL_LLM_MODELS")
# USD for a million tokens, input/output: `gpt-5-mini=0.25/2, gpt-5=1.25/10`.
LLM_PRICES = env.prices("GUILDHALL_LLM_PRICES")
LLM_STRUCTURED = env.choice("GUILDHALL_LLM_STRUCTURED", ("auto", "json_schema", "json_object", "text"))
LLM_LENGTH_OPTION = env.choice("GUILDHALL_LLM_LENGTH_OPTION", ("auto", "max_tokens", "max_completion_tokens"))
LLM_MAX_OUTPUT_TOKENS = env.number("GUILDHALL_LLM_MAX_OUTPUT_TOKENS", 16_000)
# Seconds: to connect, of silence, and for all calls of one step with their repetitions.
LLM_CONNECT_SECONDS = env.number("GUILDHALL_LLM_CONNECT_SECONDS", 10)
LLM_SILENCE_SECONDS = env.number("GUILDHALL_LLM_SILENCE_SECONDS", 60)
LLM_STEP_SECONDS = env.number("GUILDHALL_LLM_STEP_SECONDS", 300)
# `offline`: where the model fails, rules write, and the job says so. Empty: the job fails or tries again.
LLM_FALLBACK = env.choice("GUILDHALL_LLM_FALLBACK", ("", "offline"))
# Tokens that a tenant may use in a calendar month (UTC) unless it has a budget of its own; 0: as many as it likes.
MONTHLY_TOKENS = env.number("GUILDHALL_MONTHLY_TOKENS", 0)
# The dotted path of the class that writes skills; it takes no arguments and keeps the `Writer` protocol.
WRITER = env.text("GUILDHALL_WRITER") or (
    "inference.llm_writer.LlmWriter" if LLM_MODEL else "inference.offline_writer.OfflineWriter"
)

# --- Conversations -------------------------------------------------------------------------------------------------
# Threads of each web process that answer messages, so that slow answers hold up nothing else.
ASSISTANT_THREADS = env.number("ASSISTANT_THREADS", 8)
# So long an answer waits for the job it set going, to tell what that asks; and a caller at most for an answer.
ASSISTANT_PATIENCE_SECONDS = env.number("ASSISTANT_PATIENCE_SECONDS", 0 if ENVIRONMENT == "test" else 8)
ASSISTANT_SECONDS = env.number("ASSISTANT_SECONDS", 120)
# Sessions idle for longer are deleted; 0 keeps them all.
CONVERSATION_KEEP_DAYS = env.number("CONVERSATION_KEEP_DAYS", 90)

# --- Jobs ----------------------------------------------------------------------------------------------------------
HITL_TIMEOUT_SECONDS = env.number("HITL_TIMEOUT_SECONDS", 3600)
HITL_MAX_QUESTIONS = env.number("HITL_MAX_QUESTIONS", 10)
JOB_LEASE_SECONDS = env.number("JOB_LEASE_SECONDS", 60)
JOB_MAX_CRASHES = env.number("JOB_MAX_CRASHES", 5)
JOB_SWEEP_SECONDS = env.number("JOB_SWEEP_SECONDS", 1)

CELERY_BROKER_URL = env.celery_broker(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "jobs"
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1, "interval_max": 0.2}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 2000
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10.0
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    # Queues are read in the order of `-Q`: what a dead worker left goes before new work.
    "queue_order_strategy": "priority",
}
CELERY_BEAT_SCHEDULER = "config.beat:SingleScheduler"
CELERY_BEAT_SCHEDULE = {
    "sweep-jobs": {
        "task": "jobs.sweep",
        "schedule": schedule(timedelta(seconds=JOB_SWEEP_SECONDS)),
        "options": {"queue": "recovery", "expires": JOB_SWEEP_SECONDS * 2},
    },
    "embed-pending-skills": {
        "task": "skills.embed_pending",
        "schedule": schedule(timedelta(seconds=15)),
        "options": {"expires": 15},
    },
    "sweep-conversations": {
        "task": "conversations.sweep",
        "schedule": schedule(timedelta(seconds=5)),
        "options": {"queue": "recovery", "expires": 5},
    },
    "forget-conversations": {
        "task": "conversations.forget",
        "schedule": schedule(timedelta(hours=1)),
        "options": {"expires": 3600},
    },
    "forget-searches": {
        "task": "skills.forget_searches",
        "schedule": schedule(timedelta(hours=1)),
        "options": {"expires": 3600},
    },
    "tidy-outbox": {
        "task": "outbox.tidy",
        "schedule": schedule(timedelta(hours=1)),
        "options": {"expires": 3600},
    },
}

# --- Events --------------------------------------------------------------------------------------------------------
# The topic of each event; its name is also in the header `event_type`.
KAFKA_TOPICS = {
    event: env.text(f"KAFKA_TOPIC_{event.upper()}") or event for event in ("extension_saved", "extension_deleted")
}
# Empty: Kafka is off, events wait in the outbox and nothing fails.
KAFKA_BOOTSTRAP_SERVERS = env.kafka_servers()
KAFKA_SECURITY = env.kafka_security()
KAFKA_MESSAGE_MAX_BYTES = env.number("KAFKA_MESSAGE_MAX_BYTES", 32 * 1024 * 1024)
# While Kafka is off, what has waited so long is deleted; 0 keeps everything.
OUTBOX_DAYS_WITHOUT_KAFKA = env.number("OUTBOX_DAYS_WITHOUT_KAFKA", 30)

# --- What operators see --------------------------------------------------------------------------------------------
# Who scrapes /metrics: with a token everybody who has it, without one only this machine.
METRICS_TOKEN = env.text("METRICS_TOKEN")
# Spans go where OpenTelemetry's own variables say; naming a collector switches them on.
TRACING = env.flag("GUILDHALL_TRACING", bool(env.text("OTEL_EXPORTER_OTLP_ENDPOINT")))
LOG_FORMAT = env.choice("LOG_FORMAT", ("json", "line") if PRODUCTION else ("line", "json"))
# What errors say quotes what people wrote; without it a log has their kind and their way through the code.
LOG_ERROR_MESSAGES = env.flag("LOG_ERROR_MESSAGES", not PRODUCTION)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "discreet": {
            "()": "core.logs.JSONLines" if LOG_FORMAT == "json" else "core.logs.Discreet",
            "secrets": [
                SECRET_KEY,
                JWT_SIGNING_KEY,
                LLM_API_KEY,
                METRICS_TOKEN,
                DATABASES["default"]["PASSWORD"],
                urlsplit(REDIS_URL).password or "",
                *(KAFKA_SECURITY.get(name, "") for name in ("sasl.password", "ssl.key.password")),
            ],
            "messages": LOG_ERROR_MESSAGES,
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "discreet"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    # Whatever LOG_LEVEL says: below this they tell headers, bodies and arguments.
    "loggers": {name: {"level": "WARNING"} for name in ("celery.pool", "django.server", "httpcore", "httpx", "openai")},
}
