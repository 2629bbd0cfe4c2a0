"""The progress bar of an import: one line that a terminal redraws, otherwise a new line every few seconds."""

import time
from typing import Any

REDRAW_SECONDS = {True: 0.2, False: 5.0}  # by whether the stream is a terminal


class ProgressBar:
    """The rows of one table, with their rate and the remaining time."""

    def __init__(self, stream: Any, table: str, total: int) -> None:
        self.stream, self.table, self.total = stream, table, total
        self.start, self.first, self.shown = time.monotonic(), -1, 0.0
        self.terminal = stream.isatty()

    def show(self, count: int) -> None:
        """Show how many rows are done; the first call gives the rows of an earlier run."""
        now = time.monotonic()
        if self.first < 0:
            self.first = count
        elif now - self.shown > REDRAW_SECONDS[self.terminal] or count >= self.total:
            self.shown = now
            line = self.line(count, now)
            # Streams of a management command end every line with a newline unless `ending` says otherwise.
            self.stream.write(f"\r{line}\033[K" if self.terminal else line, ending="" if self.terminal else "\n")
            self.stream.flush()

    def line(self, count: int, now: float) -> str:
        """The line, such as `characters 50% 125,000 of 250,000, 98,000 rows/s, 1 s left`."""
        rate = (count - self.first) / max(now - self.start, 1e-6)
        seconds_left = (self.total - count) / rate if rate else 0
        share = count / self.total if self.total else 1
        return f"{self.table} {share:.0%} {count:,} of {self.total:,}, {rate:,.0f} rows/s, {seconds_left:.0f} s left"

    def end(self) -> None:
        """Move to the next line."""
        if self.terminal:
            self.stream.write("")
