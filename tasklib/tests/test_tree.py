"""The tree keeps its promises: one name for each service, values that agree, sizes that are read in one go."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

import tasks
from tasklib import build, pod, secrets, status, testing
from tasklib.project import IMAGES, POD_FILE, SERVICES

# Lines at the most, by the first pattern that fits: what a reader takes in at one sitting.
BUDGETS = [
    (r"^tasks\.py$", 300),
    (r"^Containerfile$", 90),
    (r"/Containerfile$", 60),
    (r"^pod\.yaml$", 250),
    (r"/settings\.py$", 200),
    (r"services/server/\w+\.conf$", 80),
    (r"uwsgi\.ini$", 40),
    (r"prometheus\.yml$", 40),
    (r"^README\.md$", 120),
    (r"architecture\.md$", 150),
    (r"conftest\.py$", 120),
    (r"/test_\w+\.py$", 300),
    (r"\.py$", 200),
    (r"^\.ci/run$", 40),
]
# What every project has.
ALWAYS = ["LICENSE", "README.md"]
# Headers that only a proxy may set.
FORGEABLE = [*(f"X_FORWARDED_{what}" for what in ["FOR", "HOST", "PORT", "PROTO"]), "X_REAL_IP", "FORWARDED", "PROXY"]
MANIFEST = pod.load(POD_FILE)
PATHS = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True).stdout.splitlines()
TOP = sorted({path.split("/")[0] for path in PATHS})


def text(path):
    return Path(path).read_text()


def found(pattern, path):
    """The one value that a pattern finds in a file."""
    return re.search(pattern, text(path), re.MULTILINE).group(1)


def container(service):
    return next(part for part in pod.containers(MANIFEST) if part["name"] == service)


@pytest.mark.parametrize("service", SERVICES)
def test_service_has_one_name(service):
    assert container(service)["image"] == f"localhost/{pod.name(MANIFEST)}-{service}:latest"
    assert Path("services", service, "run.toml").is_file()
    assert found(r'^name = "(.+)"', f"services/{service}/run.toml") == service


def test_every_image_has_a_folder():
    packed = {path.parts[1] for path in Path().glob("containers/*/*")}
    assert packed | {"test"} == {*IMAGES}


def test_every_service_has_a_folder():
    folders = {path.split("/")[1] for path in PATHS if path.startswith("services/") and path.count("/") > 1}
    assert folders - {"base", "bench"} == {*SERVICES}


def test_every_image_is_built_from_one_before_it():
    for image, parents in build.GROWS_FROM.items():
        assert {*parents.values()} <= {"debian", *IMAGES[: IMAGES.index(image)]}


def test_scraped_jobs_are_services():
    jobs = [job["job_name"] for job in yaml.safe_load(text("services/metrics/prometheus.yml"))["scrape_configs"]]
    assert {*jobs} <= {*SERVICES}


def test_status_knows_every_service():
    assert [*status.WHERE] == SERVICES


def test_name_of_the_project_is_in_one_file():
    name = pod.name(MANIFEST)
    allowed = {"pod.yaml", "README.md", "LICENSE", "pyproject.toml", "uv.lock"}
    assert [path for path in PATHS if path not in allowed and name in text(path)] == []


@pytest.mark.parametrize("service", SERVICES)
def test_restricted_container(service):
    security = container(service)["securityContext"]
    assert security["runAsUser"] >= 10_000
    assert security == {
        "runAsUser": security["runAsUser"],
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


@pytest.mark.parametrize("service", SERVICES)
def test_container_has_limits_and_a_probe(service):
    assert {*container(service)["resources"]["limits"]} == {"cpu", "memory"}
    assert "exec" in container(service)["livenessProbe"]


@pytest.mark.parametrize("service", SERVICES)
def test_image_and_pod_agree_on_the_user(service):
    path = "Containerfile" if service == "server" else f"containers/{service}/Containerfile"
    assert f"--user {service}:{container(service)['securityContext']['runAsUser']} " in text(path)


def test_keys_of_containers_have_one_order():
    order = ["name", "image", "imagePullPolicy", "args", "ports", "env", "volumeMounts", "livenessProbe"]
    order += ["securityContext", "resources"]
    for part in pod.containers(MANIFEST):
        assert [*part] == [key for key in order if key in part]


def test_only_the_server_leaves_the_machine():
    open_to_all = [
        part["name"] for part in pod.containers(MANIFEST) for port in part.get("ports", []) if "hostIP" not in port
    ]
    assert open_to_all == ["server"]


def test_ports_of_the_table_are_those_of_the_pod():
    rows = re.findall(
        r"^\| (\w+) \| .+? \| .+? \| (?:127\.0\.0\.1:)?(\d+) \|", text("docs/architecture.md"), re.MULTILINE
    )
    assert {service: int(port) for service, port in rows} == pod.host_ports(MANIFEST)


def test_image_holds_the_languages_of_the_settings():
    languages = re.findall(r'"([\w-]+)", "', found(r"^LANGUAGES = (.+)$", "services/server/src/config/settings.py"))
    assert found(r'^ARG LANGUAGES="(.+)"', "Containerfile").split() == languages


def test_nginx_and_uwsgi_meet_on_one_socket():
    assert found(r"^socket = (.+)$", "services/server/uwsgi.ini") == found(
        r"uwsgi_pass unix:(.+);", "services/server/sites.conf"
    )


def test_uwsgi_takes_the_longest_headers_of_nginx():
    count, size = re.search(r"large_client_header_buffers (\d+) (\d+)k", text("services/server/nginx.conf")).groups()
    assert int(found(r"^buffer-size = (\d+)", "services/server/uwsgi.ini")) > int(count) * int(size) * 1024


@pytest.mark.parametrize("header", FORGEABLE)
def test_nginx_replaces_what_a_client_could_forge(header):
    assert found(rf"^    uwsgi_param HTTP_{header} (\S+);$", "services/server/nginx.conf")


def test_stuck_worker_ends_before_nginx_gives_up():
    harakiri = int(found(r"^harakiri = (\d+)", "services/server/uwsgi.ini"))
    assert harakiri < int(found(r"uwsgi_read_timeout (\d+)s", "services/server/nginx.conf"))


def test_grace_is_longer_than_the_last_request():
    shutdown = int(found(r"worker_shutdown_timeout (\d+)s", "services/server/nginx.conf"))
    assert shutdown < MANIFEST["spec"]["terminationGracePeriodSeconds"]


def test_lines_are_sent_where_rsyslog_listens():
    assert found(r'"127.0.0.1", (\d+)\)', "services/base/log.py") == found(r'port="(\d+)"', "services/log/rsyslog.conf")


def test_log_takes_the_longest_line_of_any_bytes():
    most = int(found(r"^LINE_BYTES = (\d+) \* 1024", "services/base/log.py"))
    assert 3 * most < int(found(r'maxMessageSize="(\d+)k"', "services/log/rsyslog.conf"))


def test_internal_port_is_scraped():
    port = found(r"listen 127\.0\.0\.1:(\d+);", "services/server/sites.conf")
    assert f"127.0.0.1:{port}" in text("services/metrics/prometheus.yml")


def test_tests_wait_for_a_scrape_as_long_as_it_takes():
    interval = found(r"scrape_interval: (\d+)s", "services/metrics/prometheus.yml")
    assert found(r"^SCRAPE_SECONDS = (\d+)", "system-test/parts.py") == interval


def test_readme_knows_every_top_level_entry():
    rows = [line for line in text("README.md").splitlines() if line.startswith("| `")]
    told = {entry.split("/")[0] for row in rows for entry in re.findall(r"`([^`]+)`", row)}
    assert [entry for entry in TOP if entry not in told and not entry.startswith(".") and entry not in ALWAYS] == []


def test_readme_knows_only_tasks_that_exist():
    told = set(re.findall(r"inv ([a-z][a-z-]+)", text("README.md"))) | set(
        re.findall(r"inv ([a-z-]+)", text("docs/architecture.md"))
    )
    assert told <= {name.replace("_", "-") for name in vars(tasks)}


@pytest.mark.parametrize("path", [path for path in PATHS if "/migrations/" not in path])
def test_file_is_within_its_budget(path):
    limit = next((most for pattern, most in BUDGETS if re.search(pattern, path)), None)
    assert limit is None or len(text(path).splitlines()) <= limit


def test_every_secret_is_known():
    assert set(secrets.KEYS) == {"server", "db-app", "db-migrator"}


def test_pods_of_tests_keep_clear_of_the_users():
    ports = pod.host_ports(MANIFEST).values()
    assert not {port + testing.PORT_OFFSET for port in ports} & {*ports}
