"""The test suites and their summary."""
