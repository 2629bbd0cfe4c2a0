"""What is counted of each request: what a rule, a console or a dashboard reads, under names of which there are few."""

from django_prometheus.middleware import Metrics, PrometheusAfterMiddleware, PrometheusBeforeMiddleware

# Each further one takes microseconds of each request.
READ = {
    "django_http_requests_before_middlewares_total",
    "django_http_responses_before_middlewares_total",
    "django_http_requests_latency_including_middlewares_seconds",
    "django_http_requests_total_by_view_transport_method",
    "django_http_requests_latency_seconds_by_view_method",
    "django_http_responses_total_by_status_view_method",
    "django_http_exceptions_total_by_type",
}


class Unread:
    """In place of a metric that nobody reads."""

    def labels(self, **labels):
        return self

    def inc(self, amount=1):
        """Count nothing."""

    def observe(self, amount):
        """Keep nothing."""


class FewMetrics(Metrics):
    """django-prometheus' metrics, of which only those in READ are real."""

    def register_metric(self, metric_cls, name, documentation, labelnames=(), **kwargs):
        if name not in READ:
            return Unread()
        return super().register_metric(metric_cls, name, documentation, labelnames, **kwargs)


class BeforeMiddleware(PrometheusBeforeMiddleware):
    metrics_cls = FewMetrics


class AfterMiddleware(PrometheusAfterMiddleware):
    metrics_cls = FewMetrics

    def label_metric(self, metric, request, response=None, **labels):
        """Return the series; a method that nobody knows must not make one of its own, as it would in the latencies."""
        if "method" in labels:
            labels["method"] = self._method(request)
        return super().label_metric(metric, request, response, **labels)
