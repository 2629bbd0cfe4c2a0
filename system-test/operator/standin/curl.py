#!/usr/bin/python3
"""In place of curl: fails unless the last word is an address that answers 200."""

import sys
import urllib.request

urllib.request.urlopen(sys.argv[-1], timeout=4)
