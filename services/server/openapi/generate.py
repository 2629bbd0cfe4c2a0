"""Write the description of the API to src/docs/openapi.json, or with --check compare it. Runs in the test image.

The server hands the file out and imports none of this, so the description costs it neither memory nor time.
"""

import json
import os
import sys
from pathlib import Path

FILE = Path(__file__).parents[1] / "src" / "docs" / "openapi.json"


def generate() -> str:
    """Return the description as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django  # noqa: PLC0415 - the settings come first
    from django.conf import settings  # noqa: PLC0415

    settings.REST_FRAMEWORK["DEFAULT_SCHEMA_CLASS"] = "openapi.description.Schema"
    settings.SPECTACULAR_SETTINGS = {
        "TITLE": settings.API_TITLE,
        "DESCRIPTION": settings.API_DESCRIPTION,
        "VERSION": "1.0.0",
        "CONTACT": {"name": settings.API_TITLE},
        "SERVERS": [{"url": "/"}],
        "OAS_VERSION": "3.1.0",
        "COMPONENT_SPLIT_REQUEST": True,
        "POSTPROCESSING_HOOKS": ["openapi.description.complete"],
        "SCHEMA_PATH_PREFIX_INSERT": "",
        "ENABLE_DJANGO_DEPLOY_CHECK": False,
    }
    django.setup()
    from drf_spectacular.drainage import GENERATOR_STATS  # noqa: PLC0415
    from drf_spectacular.generators import SchemaGenerator  # noqa: PLC0415

    schema = SchemaGenerator().get_schema(public=True)
    GENERATOR_STATS.emit_summary()
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def main(words: list[str]) -> str | None:
    """Do as the command line says; return what is wrong."""
    text = generate()
    if words == ["--check"]:
        current = FILE.exists() and FILE.read_text() == text
        return None if current else f"{FILE.name} is not what the views say - write it anew: inv schema"
    FILE.write_text(text)
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
