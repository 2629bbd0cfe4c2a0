"""HTTP to what this machine itself serves; a proxy is for the world outside."""

import urllib.request

opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
