"""Serve a page of metrics for each container of the pod; Prometheus scrapes it.

The exporter runs beside Prometheus and needs no worker of the server, so it answers even if all workers are stuck.
"""
