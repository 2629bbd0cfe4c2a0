"""Ask the pod's server for what nobody asks for: paths, methods and names of hosts by chance, and nothing twice.

Usage: scan.py COUNT; prints the time of the last answer.
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
        # A third each: nowhere, below a view that there is, and by a name that the service does not have.
        target = (f"/{path}/", f"/tweet/{path}/", "/tweet/")[number % 3]
        connection.request(method, target, headers={"Host": f"{host}.example" if number % 3 == 2 else "localhost"})
        connection.getresponse().read()


if __name__ == "__main__":
    scan(int(sys.argv[1]))
    print(json.dumps(time.time()))
