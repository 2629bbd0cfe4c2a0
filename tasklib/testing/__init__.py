"""The test suites: where each runs, and their sum."""
