"""One page of numbers for each part of the pod, from where the part keeps them; Prometheus asks for it.

It runs beside Prometheus and needs no worker of the server, so it answers when all of them are stuck.
"""
