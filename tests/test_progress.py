"""What stages say of their progress, by a clock that the test turns."""

import threading

import pytest

from comotion.progress import Progress, duration, within
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
    [(0, "0 s"), (99, "99 s"), (125, "2 min"), (5900, "98 min"), (6000, "1 h 40 min")],
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
