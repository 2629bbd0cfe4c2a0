"""The description of the API, written from the code of the server; it runs in the test image alone."""
