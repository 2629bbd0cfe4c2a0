"""How rows are transferred: read, transformed, written by COPY, and compared."""
