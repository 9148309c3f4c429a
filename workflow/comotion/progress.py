"""How long stages say where they are: once a minute, with what is left where that is known."""

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self

from comotion.provenance import TASKS

#: Seconds between two lines.
INTERVAL = 60.0
#: Seconds between two looks whether a thread has left the process, and most looks.
_MOMENT, _MOMENTS = 1e-3, 10000


class Report(Protocol):
    """Told by a computation where it is, as often as it likes."""

    def __call__(self, step: str, detail: str = "", share: float | None = None) -> None:
        """Take note.

        Args:
            step: What is being done.
            detail: How far it has come, in words.
            share: The part of the step that is done, between 0 and 1, where it is known.
        """


def silent(step: str, detail: str = "", share: float | None = None) -> None:
    """A report that nobody reads."""


def within(report: Report, whole: str) -> Report:
    """A report of the steps of a part; the step's name begins with that of the whole."""

    def inner(step: str, detail: str = "", share: float | None = None) -> None:
        report(f"{whole}, {step}", detail, share)

    return inner


class Progress:
    """A report that prints, once a minute, the last that it was told.

    Lines come from a thread of its own, so that a step which is long in compiled code is heard
    of, too. What is left of a step is extrapolated from its share; where a step knows none,
    nothing is promised.
    """

    def __init__(
        self,
        name: str,
        *,
        interval: float = INTERVAL,
        clock: Callable[[], float] = time.monotonic,
        write: Callable[[str], None] = lambda line: print(line, flush=True),
    ) -> None:
        self._name, self._interval, self._clock, self._write = name, interval, clock, write
        self._begin = self._since = self._told = clock()
        self._step, self._detail = "", ""
        self._share: float | None = None
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end.set()
        self._thread.join()
        # The system lets go of a thread a moment after Python has: a record that is written now
        # counts threads, and must not depend on the moment.
        task = TASKS / str(self._thread.native_id)
        for _ in range(_MOMENTS):
            if not task.exists():
                return
            time.sleep(_MOMENT)

    def __call__(self, step: str, detail: str = "", share: float | None = None) -> None:
        """Take note of a step; see `Report`."""
        self._told = self._clock()
        if step != self._step:
            self._since = self._told
        self._step, self._detail, self._share = step, detail, share

    def say(self, line: str) -> None:
        """Print a line now, with the time since the beginning."""
        self._write(f"{duration(self._clock() - self._begin):>10}  {self._name}: {line}")

    def line(self) -> str:
        """Where the stage is and what is left of the step."""
        parts = [part for part in (self._step, self._detail) if part]
        if self._share is not None:
            parts.append(f"{100 * self._share:.0f} %")
            spent = self._told - self._since
            if self._share > 0 and spent > 0:
                left = spent * (1 - self._share) / self._share - (self._clock() - self._told)
                parts.append(f"about {duration(max(left, 0.0))} left of this step")
        return ", ".join(parts)

    def _beat(self) -> None:
        while not self._end.wait(self._interval):
            if self._step:
                self.say(self.line())


def duration(seconds: float) -> str:
    """A time for people, such as 45 s, 12 min or 3 h 05 min."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60:02d} min"
