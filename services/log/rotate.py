#!/usr/bin/python3
"""Replace the older log file by the full one; rsyslog calls it when the newer one reaches its limit."""

import os

os.replace("/var/log/pod/pod.log", "/var/log/pod/pod.log.1")
