"""The promises of the sample application, tested over HTTP."""
