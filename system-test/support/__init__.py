"""What the tests over HTTP share: the parts of a running pod, raw sockets, a browser, users and hostile requests."""
