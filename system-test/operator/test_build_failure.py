"""A mistake in a source breaks the build with the tool's own words, and the image before it stays."""

import pytest

# Image, file, the mistake as (old, new) text, and what the tool says of it. Old text is replaced once.
MISTAKES = {
    "nginx.conf": (
        "server",
        "services/server/nginx/nginx.conf",
        ("sendfile on;", "sendfile maybe;"),
        "/etc/nginx/nginx.conf:{line}",
    ),
    "uwsgi.ini": (
        "server",
        "services/server/uwsgi.ini",
        ("need-app = ", "need-apple = "),
        "unknown config directive: need-apple",
    ),
    "settings.py": (
        "server",
        "services/server/src/config/settings.py",
        ("LOGGING = {", "LOGGING = ("),
        'config/settings.py", line ',
    ),
    "prometheus.yml": (
        "metrics",
        "services/metrics/prometheus.yml",
        ("  scrape_timeout:", "  scrape_timeot:"),
        "line {line}: field scrape_timeot",
    ),
    "rsyslog.conf": (
        "log",
        "services/log/rsyslog.conf",
        ('input(type="imrelp"', 'input(type="imrelp'),
        "/etc/log/rsyslog.conf",
    ),
}


@pytest.mark.parametrize(("image", "file", "mistake", "words"), MISTAKES.values(), ids=MISTAKES)
def test_mistake_is_shown_and_the_image_stays(copy, image, file, mistake, words):
    before, line = copy.image_id(image), copy.replace(file, *mistake)
    result = copy.inv("build", image)
    assert result.code != 0
    assert words.format(line=line) in result.output
    assert result.last_line.endswith(f"mend it, then type: inv build {image}")
    assert copy.image_id(image) == before


@pytest.mark.parametrize("task", ["build", "up", "status"])
def test_mistake_in_pod_yaml_names_the_line(copy, task):
    line = copy.replace("pod.yaml", "  restartPolicy: Always", "  restartPolicy: [Always")
    result = copy.inv(task)
    assert result.code == 1
    assert result.last_line.startswith(f"pod.yaml is not valid YAML: line {line + 2}")
    assert "Traceback" not in result.output


MIGRATION = """
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("idempotency", "0001_initial")]
    operations = [migrations.RunSQL("ALTER TABLE idempotency_nonsense ADD COLUMN flavour text")]
"""
FIXTURE = '[{"model": "idempotency.nonsense", "fields": {"text": "hello"}}]'


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [("migrations/0002_flavour.py", MIGRATION, 'relation "idempotency_nonsense" does not exist'),
     ("fixtures/initial.json", FIXTURE, "idempotency.nonsense")],
    ids=["migration", "fixture"],
)  # fmt: skip
def test_data_that_fails_breaks_the_db_image(copy, file, text, words):
    source = f"services/server/src/idempotency/{file}"
    (copy.folder / source).parent.mkdir(exist_ok=True)
    (copy.folder / source).write_text(text)
    copy.patch_image("server", source, f"/srv/src/idempotency/{file}")
    before = copy.image_id("db")
    result = copy.inv("build", "db")
    assert result.code != 0
    assert words in result.output, result.output
    assert copy.image_id("db") == before


def test_wheel_that_the_lock_does_not_name_is_named(copy):
    (copy.folder / "wheels/flavour-1.0-py3-none-any.whl").write_text("not what was locked")
    result = copy.inv("build", "server")
    assert result.code == 1
    assert result.last_line.startswith("wheels/flavour-1.0-py3-none-any.whl is not what the lock names")


def test_no_network_and_no_wheels_ends_soon(copy):
    nowhere = "http://127.0.0.1:9"
    environment = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), nowhere)
    result = copy.inv(
        "build", "server", "--no-cache", environment=environment | {"PIP_CACHE_DIR": "/nonexistent"}, timeout=120
    )
    assert result.code != 0
    assert result.last_line.endswith("mend it, then type: inv build runtime")
