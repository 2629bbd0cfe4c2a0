"""The volumes: what kind they are, and how their data is read, exchanged and deleted."""
