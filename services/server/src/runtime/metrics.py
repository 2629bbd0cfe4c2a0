"""The metrics of requests that rules, consoles and dashboards read, under the names of django-prometheus.

Its own middleware counts more, and takes about six times as long.
"""

from django_prometheus.middleware import Metrics
from django_prometheus.utils import Time, TimeSince

READ = {
    "django_http_requests_before_middlewares_total",
    "django_http_requests_latency_seconds_by_view_method",
    "django_http_responses_total_by_status_view_method",
    "django_http_exceptions_total_by_type",
}
# Methods that a client invents do not make series of their own.
METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "OPTIONS", "CONNECT", "PATCH"}


class FewMetrics(Metrics):
    """The metrics of django-prometheus that are in READ."""

    def register_metric(self, metric_cls, name, documentation, labelnames=(), **kwargs):
        if name in READ:
            return super().register_metric(metric_cls, name, documentation, labelnames, **kwargs)
        return None


metrics = FewMetrics.get_instance()


def count_requests(get_response):
    """Middleware, the outermost: count every request, also those that other middleware refuses."""

    def middleware(request):
        metrics.requests_total.inc()
        return get_response(request)

    return middleware


class CountViews:
    """Middleware, the innermost: count and time the responses of views, and count their exceptions."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        start = Time()
        response = self.get_response(request)
        view = getattr(request.resolver_match, "view_name", "<unnamed view>")
        method = request.method if request.method in METHODS else "<invalid method>"
        metrics.responses_by_status_view_method.labels(response.status_code, view, method).inc()
        metrics.requests_latency_by_view_method.labels(view, method).observe(TimeSince(start))
        return response

    def process_exception(self, request, exception):
        metrics.exceptions_by_type.labels(type(exception).__name__).inc()
