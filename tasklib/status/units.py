"""Numbers in words, by humanize where it has them."""

import re

from humanize import metric, naturalsize

NONE = "-"


def latency(seconds: float) -> str:
    """A latency in seconds or milliseconds."""
    return str(metric(seconds, "s", precision=2))


def size(number: float) -> str:
    """Bytes in the largest unit that fits."""
    return str(naturalsize(number, binary=True))


def share(part: float) -> str:
    """A ratio in per cent, with two decimals below one per cent."""
    return f"{part * 100:.{2 if 0 < part < 0.01 else 0}f} %"


def rate(per_second: float) -> str:
    return f"{per_second:.{0 if per_second >= 100 else 1}f} /s"


def of_limit(usage: str) -> str:
    """Podman's `70.71MiB / 512MiB` as `71 of 512 MiB`."""
    return re.sub(r"([\d.]+)([A-Za-z]+) / ([\d.]+)([A-Za-z]+)", _shorter, usage)


def _shorter(match: re.Match[str]) -> str:
    used, unit, most, most_unit = match.groups()
    rounded = f"{float(used):.0f}" if unit == most_unit else f"{float(used):.0f} {unit}"
    return f"{rounded} of {float(most):.0f} {most_unit}"
