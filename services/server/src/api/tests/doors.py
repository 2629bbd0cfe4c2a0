"""The requests that need the database, by what they do; each is tried while the database is in trouble."""

from runtime import trouble

CREDENTIALS = {"username": "user", "password": "correct horse"}
DOORS = {
    "read": lambda clients: clients["anybody"].get("/test-group/"),
    "detail": lambda clients: clients["anybody"].get("/test-group/1/"),
    "page": lambda clients: clients["anybody"].get("/test-group/", headers={"accept": "text/html"}),
    "write": lambda clients: clients["user"].post("/test-group/", {"name": "a"}, "application/json"),
    "repeat": lambda clients: clients["user"].post(
        "/test-group/", {"name": "a"}, "application/json", headers={"idempotency-key": "a"}
    ),
    "login": lambda clients: clients["anybody"].post("/token/", CREDENTIALS, "application/json"),
    "logout": lambda clients: clients["user"].delete("/token/all/"),
    "admin": lambda clients: clients["staff"].get("/admin/auth/group/"),
    "admin-login": lambda clients: clients["anybody"].post("/admin/login/", CREDENTIALS),
}
WRITES = ["write", "repeat", "login", "logout"]


def answers(clients, names=DOORS):
    """The status and Retry-After of each request."""
    responses = {name: DOORS[name](clients) for name in names}
    return {name: (response.status_code, response.headers.get("Retry-After")) for name, response in responses.items()}


def troubled(word, names=DOORS):
    """The responses that `answers` returns under this trouble."""
    return dict.fromkeys(names, (503, str(trouble.WORDS[word].retry_seconds)))
