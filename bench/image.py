"""The bench image: the server image with other servers of the same application, and a client."""

from tasklib.images.extra import Extra

BENCH = Extra("bench", "bench/Containerfile", {"SERVER": "server", "WHEELS": "wheels"}, "bench.build")
