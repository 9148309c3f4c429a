"""What stages say of their progress, by a clock that the test turns."""

import io
import threading

import pytest

from comotion.progress import INTERVAL, Progress, duration, silent, within
from comotion.provenance import TASKS
from told import Told


class Clock:
    """A clock that stands still until it is turned."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """The time that was set."""
        return self.now


def test_what_is_left_follows_from_the_share_of_the_step() -> None:
    clock = Clock()
    progress = Progress("Rn", clock=clock)
    progress("first", share=0.0)
    assert progress.line() == "first, 0 %"
    clock.now += 500
    progress("second", "86 electrons", 0.0)
    clock.now += 30
    progress("second", "86 electrons", 0.25)
    assert progress.line() == "second, 86 electrons, 25 %, about 90 s left of this step"
    clock.now += 60
    assert progress.line() == "second, 86 electrons, 25 %, about 30 s left of this step"
    clock.now += 600
    assert progress.line().endswith("about 0 s left of this step")


def test_a_step_without_share_promises_nothing() -> None:
    progress = Progress("Ne", clock=Clock())
    progress("CCSD", "iteration 7 of at most 100")
    assert progress.line() == "CCSD, iteration 7 of at most 100"


def test_lines_name_the_system_and_the_time_since_the_beginning() -> None:
    clock, lines = Clock(), list[str]()
    progress = Progress("Ne", clock=clock, write=lines.append)
    clock.now += 7500
    progress.say("done")
    assert lines == ["2 h 05 min  Ne: done"]


def test_the_last_step_is_printed_at_intervals_until_the_end() -> None:
    lines, second = list[str](), threading.Event()

    def write(line: str) -> None:
        lines.append(line)
        if len(lines) == 2:
            second.set()

    with Progress("Ne", interval=0.01, clock=Clock(), write=write) as progress:
        progress("compiled code that takes long")
        assert second.wait(30)
    said = len(lines)
    assert set(lines) == {"       0 s  Ne: compiled code that takes long"}
    threading.Event().wait(0.05)
    assert len(lines) == said


def test_a_report_keeps_no_process_alive() -> None:
    """A stage that ends without leaving its report does not wait for the thread."""
    assert Progress("Ne", clock=Clock())._thread.daemon


def test_a_stage_that_says_nothing_prints_nothing() -> None:
    lines = list[str]()
    with Progress("Ne", interval=0.001, write=lines.append):
        threading.Event().wait(0.05)
    assert lines == []


def test_parts_name_the_whole() -> None:
    told = Told()
    within(within(told, "V_3"), "128 intervals")("seed 1", "127 nodes", 0.5)
    assert told.lines == ["V_3, 128 intervals, seed 1, 127 nodes"]
    assert told.shares == [0.5]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (99, "99 s"),
        (99.9, "100 s"),
        (100, "2 min"),
        (125, "2 min"),
        (5900, "98 min"),
        (5969, "99 min"),
        (5971, "1 h 40 min"),
        (6000, "1 h 40 min"),
        (7200, "2 h 00 min"),
        (7259, "2 h 01 min"),
        (86400, "24 h 00 min"),
    ],
)
def test_durations_are_for_people(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.skipif(not TASKS.is_dir(), reason="the system does not list threads")
def test_its_thread_is_gone_when_a_record_counts() -> None:
    """A record says how many threads made it: the one that reports is none of them."""
    for _ in range(300):
        before = {task.name for task in TASKS.iterdir()}
        with Progress("Ne"):
            pass
        assert {task.name for task in TASKS.iterdir()} <= before


def test_a_step_begins_when_it_is_first_told() -> None:
    """Its share so far took the time since then, not that since the beginning or the last word."""
    clock = Clock()
    progress = Progress("Rn", clock=clock)
    clock.now += 1000
    progress("search", share=0.1)
    assert progress.line() == "search, 10 %"
    clock.now += 10
    progress("search", share=0.2)
    clock.now += 10
    progress("search", share=0.5)
    assert progress.line() == "search, 50 %, about 20 s left of this step"
    # What was told last holds, a detail that is not repeated included.
    progress("search", "node 3")
    assert progress.line() == "search, node 3"
    progress("search")
    assert progress.line() == "search"


def test_nothing_is_left_of_a_step_that_is_done() -> None:
    clock = Clock()
    progress = Progress("Rn", clock=clock)
    progress("search", share=0.5)
    clock.now += 10
    progress("search", share=1.0)
    assert progress.line() == "search, 100 %, about 0 s left of this step"


def test_lines_come_once_a_minute_and_are_seen_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Through a log file, which is written block by block otherwise."""
    assert INTERVAL == 60
    log = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(log))
    Progress("Ne", clock=Clock()).say("done")
    assert log.getvalue() == b"       0 s  Ne: done\n"
    Progress("Ne", clock=Clock())("step")
    silent("step", "detail", 0.5)
    assert log.getvalue() == b"       0 s  Ne: done\n"
