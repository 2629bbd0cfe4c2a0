"""The data: backup, restore, archive, point-in-time recovery and upgrade."""
