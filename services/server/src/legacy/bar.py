"""How far an import is: one line that renews itself on a terminal, else a line every few seconds."""

import time
from typing import Any

RENEW_SECONDS = {True: 0.2, False: 5.0}


class Bar:
    """Rows of one table, with their rate and the time that is left."""

    def __init__(self, stream: Any, table: str, total: int) -> None:
        self.stream, self.table, self.total = stream, table, total
        self.start, self.first, self.shown = time.monotonic(), -1, 0.0
        self.terminal = stream.isatty()

    def show(self, count: int) -> None:
        """Say how many rows are done; the first count is what an earlier run has left."""
        now = time.monotonic()
        if self.first < 0:
            self.first = count
        elif now - self.shown > RENEW_SECONDS[self.terminal] or count >= self.total:
            self.shown = now
            line = self.line(count, now)
            # Of a management command, whose streams end each line unless told otherwise.
            self.stream.write(f"\r{line}\033[K" if self.terminal else line, ending="" if self.terminal else "\n")
            self.stream.flush()

    def line(self, count: int, now: float) -> str:
        """The line, as `characters 50% 125,000 of 250,000, 98,000 rows/s, 1 s left`."""
        rate = (count - self.first) / max(now - self.start, 1e-6)
        left = (self.total - count) / rate if rate else 0
        part = count / self.total if self.total else 1
        return f"{self.table} {part:.0%} {count:,} of {self.total:,}, {rate:,.0f} rows/s, {left:.0f} s left"

    def end(self) -> None:
        if self.terminal:
            self.stream.write("")
