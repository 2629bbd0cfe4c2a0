"""Text of the legacy database that is not valid UTF-8: each invalid byte is read as a surrogate.

PostgreSQL then refuses the row with a reason, unless the mapping's function repairs the value: values.py.
"""

from typing import Any

from psycopg2 import extensions

from legacy.router import LEGACY

TEXT_TYPES = (18, 19, 25, 1042, 1043)  # char, name, text, bpchar, varchar: pg_type.dat


def accept_any_bytes(connection, **kwargs):
    """Make a new connection to the legacy database read text of any bytes."""
    if connection.alias != LEGACY:
        return
    if connection.vendor == "sqlite":
        connection.connection.text_factory = decode
    elif connection.vendor == "postgresql" and is_without_encoding(connection.connection):
        # Latin 1 has a character for each byte.
        connection.connection.set_client_encoding("LATIN1")
        any_text = extensions.new_type(
            TEXT_TYPES, "ANY_TEXT", lambda value, _: value and decode(value.encode("latin-1"))
        )
        extensions.register_type(any_text, connection.connection)


def is_without_encoding(connection: Any) -> bool:
    """Whether the database stores bytes without checking their encoding."""
    return bool(connection.get_parameter_status("server_encoding") == "SQL_ASCII")


def decode(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")


def encode(value: str) -> bytes:
    """Encode to the original bytes; other lone surrogates become bytes that PostgreSQL refuses too."""
    try:
        return value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogatepass")
