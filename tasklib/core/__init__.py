"""The foundation of every other folder: commands, pod.yaml, names and settings of the project, waiting."""
