"""What every other folder stands on: commands, pod.yaml, names and settings of the project, waiting."""
