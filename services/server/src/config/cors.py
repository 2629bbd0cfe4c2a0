"""Which paths and headers the pages of other origins may use, where there are such origins: DJANGO_CORS_ORIGINS."""

PATHS = r"^/(?!admin/)"
REQUEST_HEADERS = [
    "accept", "authorization", "content-type", "idempotency-key", "if-match", "if-none-match", "x-request-id",
]  # fmt: skip
# Beside those that every page may read: https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
RESPONSE_HEADERS = [
    "accept-patch",
    "allow",
    "etag",
    "link",
    "location",
    "retry-after",
    "www-authenticate",
    "x-request-id",
]
