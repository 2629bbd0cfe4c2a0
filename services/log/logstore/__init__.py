"""The programs of the container `log`: its files, the search in them, and the settings of forwarding."""
