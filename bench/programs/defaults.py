"""The same model, served by Django and REST framework with their defaults, on the database settings of the service."""

from typing import Any

from django.conf import settings

from config.settings import DATABASES, SECRET_KEY

settings.configure(
    SECRET_KEY=SECRET_KEY,
    ALLOWED_HOSTS=["localhost", "127.0.0.1"],
    DATABASES=DATABASES,
    TIME_ZONE="UTC",
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "rest_framework",
        "bench_message",
    ],
    # Those of startproject.
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    REST_FRAMEWORK={"DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination", "PAGE_SIZE": 20},
)

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()

from django.apps import apps  # noqa: E402
from rest_framework import routers, serializers, viewsets  # noqa: E402

# By its name: the application is part of the copy of the project alone.
Message: Any = apps.get_app_config("bench_message").get_model("Message")


class MessageSerializer(serializers.ModelSerializer[Any]):
    class Meta:
        model = Message
        fields = "__all__"


class MessageViewSet(viewsets.ModelViewSet[Any]):
    queryset = Message.objects.all()
    serializer_class = MessageSerializer


router = routers.DefaultRouter()
router.register("bench_message", MessageViewSet)
urlpatterns = router.urls
