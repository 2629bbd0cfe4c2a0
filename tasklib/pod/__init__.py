"""The pod: start, stop, state, secrets, ports, and commands inside it or beside it."""
