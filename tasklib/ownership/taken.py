"""Print, as a JSON array, by what the name of an application is taken already. Runs in the test image: names.py."""

import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

SERVED_BY_NGINX = {"static", "metrics"}  # services/server/nginx/sites.conf


def reasons(name: str) -> Iterator[str]:
    """Yield by what a name is taken, and what to do."""
    if (spec := importlib.util.find_spec(name)) is not None:
        places = [spec.origin] if spec.origin else [*(spec.submodule_search_locations or [])]
        yield f"there is such a module, {places[0]} - choose another one"
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django  # noqa: PLC0415 - the settings come first
    from django.apps import apps  # noqa: PLC0415
    from django.urls import get_resolver  # noqa: PLC0415

    django.setup()
    if apps.is_installed(name) or name in apps.app_configs:
        yield f"{apps.app_configs[name].name} has this label - choose another one"
    if name in {str(pattern.pattern).split("/")[0] for pattern in get_resolver().url_patterns} | SERVED_BY_NGINX:
        yield f"/{name}/ is a path of the service - choose another one"


def main(name: str, *roots: str) -> None:
    sys.path[1:1] = [str(Path(root).absolute()) for root in roots]
    print(json.dumps([*reasons(name)]))


if __name__ == "__main__":
    main(*sys.argv[1:])
