"""PID 1 of every container, and the probe that tells whether a container answers."""
