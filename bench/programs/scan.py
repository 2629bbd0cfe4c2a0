"""Send requests with random paths, methods and host names, each once, as a scanner of the internet does.

Usage: scan.py COUNT; prints the time of the last response.
"""

import http.client
import json
import random
import string
import sys
import time

PORT = 8080


def word(chance: random.Random) -> str:
    return "".join(chance.choices(string.ascii_uppercase, k=8))


def scan(count: int) -> None:
    chance = random.Random(count)  # noqa: S311
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=10)
    for number in range(count):
        method, path, host = (word(chance) for _ in range(3))
        # A third each: an unknown path, a path below an existing view, and a foreign host name.
        target = (f"/{path}/", f"/bench_message/{path}/", "/bench_message/")[number % 3]
        connection.request(method, target, headers={"Host": f"{host}.example" if number % 3 == 2 else "localhost"})
        connection.getresponse().read()


if __name__ == "__main__":
    scan(int(sys.argv[1]))
    print(json.dumps(time.time()))
