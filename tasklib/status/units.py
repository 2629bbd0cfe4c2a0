"""Numbers as a person reads them."""

import math
import re

BINARY = ["B", "KiB", "MiB", "GiB", "TiB"]
NONE = "-"


def duration(seconds: float) -> str:
    """Seconds in the largest unit that fits."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size:.0f} {unit}"
    return f"{seconds:.0f} s"


def latency(seconds: float) -> str:
    """Seconds of one request."""
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def size(number: float) -> str:
    """Bytes in the largest unit that fits, with three digits at most."""
    power = min(int(math.log(number, 1024)), len(BINARY) - 1) if number >= 1 else 0
    scaled = number / 1024**power
    return f"{scaled:.{0 if scaled >= 10 or not power else 1}f} {BINARY[power]}"


def share(part: float) -> str:
    """A part of one in per cent, exact where it is small."""
    return f"{part * 100:.{2 if 0 < part < 0.01 else 0}f} %"


def rate(per_second: float) -> str:
    return f"{per_second:.{0 if per_second >= 100 else 1}f} /s"


def of_limit(usage: str) -> str:
    """Podman's `70.71MiB / 512MiB`, shorter."""
    return re.sub(r"([\d.]+)([A-Za-z]+) / ([\d.]+)([A-Za-z]+)", _shorter, usage)


def _shorter(match: re.Match[str]) -> str:
    used, unit, most, most_unit = match.groups()
    rounded = f"{float(used):.0f}" if unit == most_unit else f"{float(used):.0f} {unit}"
    return f"{rounded} of {float(most):.0f} {most_unit}"
