"""The machine: what it has, what it lacks, and how to repair that."""
