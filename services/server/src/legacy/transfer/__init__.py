"""The transfer of rows: read, transformed, written by COPY, and compared."""
