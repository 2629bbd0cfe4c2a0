"""The programs of the bench image."""
