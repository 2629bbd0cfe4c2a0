"""Helpers of the tests over HTTP: the parts of a running pod, raw sockets, a browser, users and hostile requests."""
