"""The programs of the container `db`: what prepares, archives and measures the cluster."""
