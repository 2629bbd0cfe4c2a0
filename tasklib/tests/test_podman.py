"""Commands are compared as lists of words; nothing runs."""

from pathlib import Path

from tasklib import podman


def test_build_of_a_stage():
    words = podman.build("Containerfile", "localhost/x-server", target="server", args={"BASE": "b"})
    assert words == ["podman", "build", "--file", "Containerfile", "--tag", "localhost/x-server", "--target", "server",
                     "--build-arg", "BASE=b", "."]  # fmt: skip


def test_build_without_cache():
    assert "--no-cache" in podman.build("Containerfile", "tag", cache=False)


def test_build_secret_is_a_file():
    words = podman.build("Containerfile", "tag", secrets={"ca": Path("build/ca.crt")})
    assert words[-3:-1] == ["--secret", "id=ca,src=build/ca.crt"]


def test_play_with_annotation():
    words = podman.kube_play("pod.yaml", annotation="a=b")
    assert words == ["podman", "kube", "play", "--quiet", "--annotation", "a=b", "pod.yaml"]


def test_stop_waits_as_told():
    assert podman.stop("x-server", 30) == ["podman", "stop", "--time", "30", "x-server"]


def test_execute_with_terminal():
    words = podman.execute("x-db", "psql", terminal=True)
    assert words == ["podman", "exec", "--interactive", "--tty", "x-db", "psql"]


def test_run_leaves_no_container():
    assert podman.run("image", "true", options=["--read-only"]) == [
        "podman",
        "run",
        "--rm",
        "--read-only",
        "image",
        "true",
    ]


def test_import_sets_what_an_image_needs():
    words = podman.import_image(Path("a.tar"), "name", "ENV PATH=/bin")
    assert words == ["podman", "import", "--quiet", "--change", "ENV PATH=/bin", "a.tar", "name"]
