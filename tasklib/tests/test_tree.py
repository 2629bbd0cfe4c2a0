"""The tree keeps its promises: one name for each service, values that agree, sizes that are read in one go."""

import re
from pathlib import Path

import pytest
import yaml

from tasklib.core import manifest
from tasklib.core.project import Project
from tasklib.core.services import IMAGES, IN_EVERY_POD, MAJOR, POD_FILE, SERVICES
from tasklib.database import archive, staging
from tasklib.status import disk
from tasklib.testing import suites, tree

# Lines at the most, by the first pattern that fits: what a reader takes in at one sitting.
BUDGETS = [
    (r"^tasks\.py$", 300),
    (r"^Containerfile$", 90),
    (r"/Containerfile$", 60),
    (r"^pod\.yaml$", 250),
    (r"/settings\.py$", 200),
    (r"services/server/nginx/\w+\.conf$", 80),
    (r"uwsgi\.ini$", 40),
    (r"prometheus\.yml$", 40),
    (r"^README\.md$", 120),
    (r"architecture\.md$", 150),
    (r"conftest\.py$", 120),
    (r"/test_\w+\.py$", 300),
    (r"\.py$", 200),
    (r"^\.ci/run$", 40),
]
# Headers that only a proxy may set.
FORGEABLE = [*(f"X_FORWARDED_{what}" for what in ["FOR", "HOST", "PORT", "PROTO"]), "X_REAL_IP", "FORWARDED", "PROXY"]
MANIFEST = manifest.read(POD_FILE)
WITH_GRAPH = Project(MANIFEST.name, graph=True).manifest
TRACKED = tree.files(further=False)
PATHS = [path for path in TRACKED if Path(path).exists()]  # without what was deleted and not yet committed


def text(path):
    return Path(path).read_text()


def found(pattern, path):
    """The one value that a pattern finds in a file."""
    return re.search(pattern, text(path), re.MULTILINE).group(1)


def container(service):
    return WITH_GRAPH.containers[service]


@pytest.mark.parametrize("service", IN_EVERY_POD)
def test_service_has_one_name(service):
    assert container(service)["image"] == f"localhost/{MANIFEST.name}-{service}:latest"
    assert Path("services", service, "run.toml").is_file()
    assert found(r'^name = "(.+)"', f"services/{service}/run.toml") == service


def test_every_image_has_a_folder():
    packed = {path.parts[1] for path in Path().glob("containers/*/*")}
    stages = {name for name, image in IMAGES.items() if image.is_stage}
    assert packed | stages == {*IMAGES}


def test_every_service_has_a_folder():
    folders = {path.split("/")[1] for path in PATHS if path.startswith("services/") and path.count("/") > 1}
    assert folders - {"supervisor"} == {*SERVICES}


def test_every_image_is_built_from_one_before_it():
    built = ["debian", "grafana"]
    for image in IMAGES.values():
        assert {*image.parents.values()} <= {*built}
        built.append(image.name)


def test_scraped_jobs_are_services():
    *jobs, further = yaml.safe_load(text("services/metrics/prometheus.yml"))["scrape_configs"]
    names = [job["job_name"] for job in jobs]
    assert {*names} <= {*SERVICES}
    assert further["relabel_configs"][0]["regex"].split("|") == names


def test_every_service_is_in_the_pod():
    assert WITH_GRAPH.services == [*SERVICES]


def test_name_of_the_project_is_in_one_file():
    name = MANIFEST.name
    allowed = {"pod.yaml", "README.md", "LICENSE", "pyproject.toml", "uv.lock"}
    allowed |= {"system-test/operator/tweet/before-users.zip"}  # its test gives it the name of today
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


@pytest.mark.parametrize("service", IN_EVERY_POD)
def test_image_and_pod_agree_on_the_user(service):
    path = "Containerfile" if service == "server" else f"containers/{service}/Containerfile"
    assert f"--user {service}:{container(service)['securityContext']['runAsUser']} " in text(path)


def test_keys_of_containers_have_one_order():
    order = ["name", "image", "imagePullPolicy", "args", "ports", "env", "volumeMounts"]
    order += ["startupProbe", "livenessProbe", "securityContext", "resources"]
    for part in WITH_GRAPH.containers.values():
        assert [*part] == [key for key in order if key in part]


def test_only_the_server_leaves_the_machine():
    ports = [(part["name"], port) for part in WITH_GRAPH.containers.values() for port in part.get("ports", [])]
    assert [name for name, port in ports if "hostIP" not in port] == ["server"]


def test_ports_of_the_table_are_those_of_the_pod():
    rows = re.findall(
        r"^\| ([\w-]+)(?:, .+?)? \| .+? \| .+? \| (?:127\.0\.0\.1:)?(\d+) \|",
        text("docs/architecture.md"),
        re.MULTILINE,
    )
    assert {service: int(port) for service, port in rows} == WITH_GRAPH.host_ports


def test_image_holds_the_languages_of_the_settings():
    languages = re.findall(r'"([\w-]+)", "', found(r"^LANGUAGES = (.+)$", "services/server/src/config/settings.py"))
    assert found(r'^ARG LANGUAGES="(.+)"', "Containerfile").split() == languages


def test_nginx_and_uwsgi_meet_on_one_socket():
    assert found(r"^socket = (.+)$", "services/server/uwsgi.ini") == found(
        r"uwsgi_pass unix:(.+);", "services/server/nginx/sites.conf"
    )


def test_uwsgi_takes_the_longest_headers_of_nginx():
    count, size = re.search(
        r"large_client_header_buffers (\d+) (\d+)k", text("services/server/nginx/nginx.conf")
    ).groups()
    assert int(found(r"^buffer-size = (\d+)", "services/server/uwsgi.ini")) > int(count) * int(size) * 1024


@pytest.mark.parametrize("header", FORGEABLE)
def test_nginx_replaces_what_a_client_could_forge(header):
    assert found(rf"^    uwsgi_param HTTP_{header} (\S+);$", "services/server/nginx/nginx.conf")


@pytest.mark.parametrize(
    ("setting", "part"),
    [("shared_buffers", 4), ("effective_cache_size", 2), ("maintenance_work_mem", 16), ("work_mem", 128)],
)
def test_memory_of_the_database_is_a_part_of_its_limit(setting, part):
    limit = container("db")["resources"]["limits"]["memory"].removesuffix("Mi")
    assert int(found(rf"^{setting} = (\d+)MB", "services/db/postgresql.conf")) == int(limit) // part


def test_limits_of_the_roles_leave_connections_to_the_migrator():
    limits = re.findall(r"CONNECTION LIMIT (\d+)", text("services/db/roles.sql"))
    # PostgreSQL keeps 3 for superusers.
    assert sum(map(int, limits)) + 3 + 5 <= int(found(r"^max_connections = (\d+)", "services/db/postgresql.conf"))


def test_check_of_the_workers_knows_the_limit_of_their_role():
    limit = found(r"^ALTER ROLE app LOGIN CONNECTION LIMIT (\d+)", "services/db/roles.sql")
    assert found(r"^CONNECTIONS = (\d+)", "services/server/src/config/checks.py") == limit


def test_major_of_postgresql_is_the_same_everywhere():
    assert {MAJOR} == {*re.findall(r"postgresql[-/](\d+)", text("containers/db/Containerfile"))}
    assert found(r'^MAJOR = "(\d+)"', "services/db/dbtools/prepare.py") == MAJOR


def test_stuck_worker_ends_before_nginx_gives_up():
    harakiri = int(found(r"^harakiri = (\d+)", "services/server/uwsgi.ini"))
    assert harakiri < int(found(r"uwsgi_read_timeout (\d+)s", "services/server/nginx/nginx.conf"))


def test_grace_is_longer_than_the_last_request():
    shutdown = int(found(r"worker_shutdown_timeout (\d+)s", "services/server/nginx/nginx.conf"))
    assert shutdown < MANIFEST.grace_seconds


def test_lines_are_sent_where_rsyslog_listens():
    port = found(r'port="(\d+)"', "services/log/rsyslog.conf")
    assert port == found(r'"127.0.0.1", (\d+)\)', "services/supervisor/shipper.py")


def test_log_rotates_within_the_bound_that_is_told():
    size = int(found(r'rotation.sizeLimit="(\d+)"', "services/log/rsyslog.conf")) >> 20
    assert found(r"^FILE_BYTES = (\d+) << 20", "services/log/logstore/store.py") == str(size)
    queue = re.findall(r'queue.(?:maxDiskSpace|maxFileSize)="(\d+)m"', text("services/log/forward.conf"))
    most = int(found(r"^TOTAL_BYTES = (\d+) << 20", "services/log/logstore/store.py")) + sum(map(int, queue))
    assert f"volume `log-data`, {disk.LIMITS['log-data']} at most" in text("docs/architecture.md")
    assert disk.LIMITS["log-data"] == f"{most} MiB"


def test_log_takes_the_longest_line_of_any_bytes():
    most = int(found(r"^LINE_BYTES = (\d+) \* 1024", "services/supervisor/reader.py"))
    assert 3 * most < int(found(r'maxMessageSize="(\d+)k"', "services/log/rsyslog.conf"))


def test_exporter_is_scraped():
    address = found(r'"(127\.0\.0\.1", \d+)\)', "services/metrics/exporter/__main__.py").replace('", ', ":")
    assert address in text("services/metrics/prometheus.yml")


@pytest.mark.parametrize("source", ["nginx", "health"])
def test_exporter_asks_the_internal_port(source):
    port = found(r"listen 127\.0\.0\.1:(\d+);", "services/server/nginx/sites.conf")
    assert f"PORT, PATH = {port}, " in text(f"services/metrics/exporter/{source}.py")


def test_exporter_asks_uwsgi_where_it_answers():
    address, port = re.search(r"^stats = (.+):(\d+)$", text("services/server/uwsgi.ini"), re.MULTILINE).groups()
    assert f'ADDRESS = ("{address}", {port})' in text("services/metrics/exporter/uwsgi.py")
    assert found(r"^socket = (.+)$", "services/server/uwsgi.ini") in text("services/metrics/exporter/uwsgi.py")


def test_workers_count_where_the_exporter_reads():
    folder = found(r'^empty = \["(.+)"\]', "services/server/run.toml")
    assert folder == found(r'^FOLDER = Path\("(.+)"\)', "services/metrics/exporter/workers.py")
    assert f'"PROMETHEUS_MULTIPROC_DIR"] = "{folder}"' in text("services/server/src/config/wsgi.py")


def test_recorded_sums_are_few_and_read():
    groups = yaml.safe_load(text("services/metrics/recorded.yml"))["groups"]
    recorded = [rule["record"] for group in groups for rule in group["rules"]]
    files = r"/(alerts\.yml|\w+\.html|\w+\.json|vitals\.py|cascade\.md)$"
    readers = [text(path) for path in PATHS if re.search(files, path)]
    assert len(recorded) < 8
    assert [name for name in recorded if not any(name in reader for reader in readers)] == []


def test_every_alert_is_tested_and_told():
    groups = yaml.safe_load(text("services/metrics/alerts.yml"))["groups"]
    for rule in [rule for group in groups for rule in group["rules"] if "alert" in rule]:
        assert {*rule["annotations"]} == {"summary", "action"}
        assert f"alertname: {rule['alert']}" in text("services/metrics/alerts.test.yml")
        assert rule["alert"] in text("docs/metrics.md")


def test_every_measured_name_is_told():
    places = r"services/(metrics/exporter/\w+\.py|db/metrics\.sql|log/logstore/counters\.py)$"
    sources = [text(path) for path in PATHS if re.match(places, path)]
    names = {name for source in sources for name in re.findall(r"(?:Family\(\s*\"|TYPE |\"(?=rsyslog_))(\w+)", source)}
    assert [name for name in names if name not in text("docs/metrics.md")] == []


def test_tests_wait_for_a_scrape_as_long_as_it_takes():
    interval = found(r"scrape_interval: (\d+)s", "services/metrics/prometheus.yml")
    assert found(r"^SCRAPE_SECONDS = (\d+)", "system-test/support/parts.py") == interval


def test_archive_is_where_the_pod_mounts_it():
    mounts = {mount["name"]: mount["mountPath"] for mount in container("db")["volumeMounts"]}
    folder = mounts[f"{MANIFEST.name}-db-archive"]
    assert folder == archive.FOLDER == found(r'^ARCHIVE = Path\("(.+)"\)', "services/db/dbtools/archive.py")
    assert mounts[f"{MANIFEST.name}-db-data"] == staging.DATA


def test_settings_of_the_archive_are_included():
    assert found(r'^SETTINGS = Path\("(.+)"\)', "services/db/dbtools/archive.py") == found(
        r"^include_if_exists = '(.+)'", "services/db/postgresql.conf"
    )


@pytest.mark.parametrize("path", [path for path in PATHS if "/migrations/" not in path])
def test_file_is_within_its_budget(path):
    limit = next((most for pattern, most in BUDGETS if re.search(pattern, path)), None)
    assert limit is None or len(text(path).splitlines()) <= limit


def test_every_secret_is_known():
    assert {f"{MANIFEST.name}-{secret}" for service in SERVICES.values() for secret in service.secrets} == {
        *WITH_GRAPH.secrets
    }


def test_pods_of_tests_keep_clear_of_the_users():
    ports = WITH_GRAPH.host_ports.values()
    assert not {port + suites.PORT_OFFSET for port in ports} & {*ports}
