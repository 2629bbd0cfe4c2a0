"""Querying the pod's Prometheus: https://prometheus.io/docs/prometheus/latest/querying/api/"""

import http.client
import json
import math
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from invoke import Exit

from tasklib.core import local_http

# A frozen Prometheus must not hold up the page, and a healthy one answers in milliseconds.
SECONDS = 1.0


def get(url: str, path: str, **parameters: str) -> Any:
    """The data of a response. Raises Exit with the reason if there is none."""
    try:
        with local_http.opener.open(f"{url}/api/v1/{path}?{urlencode(parameters)}", timeout=SECONDS) as answer:
            return json.load(answer)["data"]
    except (OSError, ValueError, LookupError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise Exit(f"{url} does not answer ({reason}) - look at: inv logs metrics") from error


def numbers(url: str, queries: Mapping[str, str]) -> dict[str, float]:
    """The result of each query by its name, from one request; a query without a result, or with NaN, is left out.

    Raises Exit.
    """
    samples = get(url, "query", query=union(queries))["result"]
    found = {sample["metric"]["figure"]: float(sample["value"][1]) for sample in samples}
    return {name: number for name, number in found.items() if math.isfinite(number)}


def union(queries: Mapping[str, str]) -> str:
    """One query for all figures; the label `figure` of each sample is its name."""
    return " or ".join(f'label_replace({query}, "figure", "{name}", "", "")' for name, query in queries.items())
