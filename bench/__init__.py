"""The benchmark: starts, requests, observability and imports, measured on a copy of the project."""
