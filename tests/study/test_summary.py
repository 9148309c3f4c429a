"""The lines that a run ends with."""

from pathlib import Path

import pytest

from study.summary import Job, State, summary, system_of


def _job(folder: Path, system: str, stage: str, state: State, log: str | None = None) -> Job:
    """A job whose log holds some text and that took 70 s."""
    job = Job(system, stage, state, folder / f"{system}-{stage}.log", folder / "took.tsv")
    if log is not None:
        job.log.write_text(log)
    job.benchmark.write_text("s\th:m:s\n70.5\t0:01:10\n")
    return job


def test_systems_are_done_failed_kept_or_not_finished(tmp_path: Path) -> None:
    said = summary(
        [
            _job(tmp_path, "He hf_x", "atom", State.DONE),
            _job(tmp_path, "He hf_x", "plan", State.DONE),
            _job(tmp_path, "Ne hf_x", "atom", State.KEPT),
            _job(
                tmp_path, "He- hf_x", "atom", State.FAILED,
                "some line\ncomotion atom: error: He- is not bound: take He\n\n",
            ),
            _job(tmp_path, "He- hf_x", "plan", State.WAITING),
            _job(tmp_path, "B hf_x", "plan", State.WAITING),
            _job(tmp_path, "", "energies", State.WAITING),
            _job(tmp_path, "", "density", State.DONE),
        ],
        7260,
    )  # fmt: skip
    assert said.splitlines() == [
        "Summary after 2 h 01 min",
        "  1 done: He hf_x (2 min)",
        "  1 kept from a former run",
        "  1 not finished: B hf_x",
        "  1 of 2 tables and figures not made in this run",
        "  1 failed:",
        f"    He- hf_x atom: He- is not bound: take He ({tmp_path / 'He- hf_x-atom.log'})",
        "  For all but what failed, end the same command, and then that of the report, with",
        """    --config 'leave_out=["He-/hf_x"]'""",
    ]


def test_what_was_left_out_before_still_is(tmp_path: Path) -> None:
    jobs = [
        _job(tmp_path, "U hf_6-31G(d,p)", "atom", State.FAILED, "a: error: no"),
        _job(tmp_path, "B hf_x", "atom", State.FAILED, "a: error: no"),
        _job(tmp_path, "", "energies", State.WAITING),
    ]
    last = summary(jobs, 1, ("He-",)).splitlines()[-1]
    assert last == """    --config 'leave_out=["He-", "U/hf_6-31G(d,p)", "B/hf_x"]'"""


def test_nothing_is_to_be_left_out(tmp_path: Path) -> None:
    """Where no system failed, where no table waits for it, and where a table fails itself."""
    bad = _job(tmp_path, "U hf_x", "atom", State.FAILED, "a: error: no")
    waits = _job(tmp_path, "", "energies", State.WAITING)
    table = _job(tmp_path, "", "best_table", State.FAILED, "a: error: no")
    for jobs in ([bad], [waits], [waits, table], []):
        assert "leave_out" not in summary(jobs, 1, ("He-",))


@pytest.mark.parametrize(
    ("log", "reason"),
    [
        (None, "there is no log"),
        ("\n", "its log is empty"),
        ("Traceback\n  x\nKeyError: 'q'\n", "its log ends with: KeyError: 'q'"),
    ],
)
def test_a_job_that_names_no_error(tmp_path: Path, log: str | None, reason: str) -> None:
    said = summary([_job(tmp_path, "", "energies", State.FAILED, log)], 1)
    assert said.splitlines()[2].startswith(f"    energies: {reason}")


def test_many_systems_are_not_all_named(tmp_path: Path) -> None:
    jobs = [_job(tmp_path, f"s{n}", "plan", State.DONE) for n in range(1000)]
    said = summary(jobs, 1)
    assert "and 900 more" in said
    assert len(said) < 3000
    assert max(map(len, said.splitlines())) <= 100


@pytest.mark.parametrize(("number", "more"), [(100, ""), (101, ", and 1 more")])
def test_a_hundred_systems_are_named(tmp_path: Path, number: int, more: str) -> None:
    jobs = [_job(tmp_path, f"s{n}", "plan", State.WAITING) for n in range(number)]
    said = " ".join(summary(jobs, 1).split())
    names = ", ".join(f"s{n}" for n in range(100))
    assert said == f"Summary after 1 s {number} not finished: {names}{more}"


def test_only_what_has_run_takes_time(tmp_path: Path) -> None:
    """Of a job that was kept there is the time of a former run."""
    stages = [("atom", State.KEPT), ("plan", State.DONE), ("hierarchy", State.DONE)]
    jobs = [_job(tmp_path, "He hf_x", stage, state) for stage, state in stages]
    assert "He hf_x (2 min)" in summary(jobs, 1)
    jobs[0].benchmark.write_text("s\th:m:s\n3.4\t0\n20.2\t0\n")
    assert "He hf_x (40 s)" in summary(jobs, 1)
    jobs[0].benchmark.write_text("s\th:m:s\n")
    assert "He hf_x (0 s)" in summary(jobs, 1)


def test_nothing_is_said_of_what_there_is_not(tmp_path: Path) -> None:
    assert summary([], 3) == "Summary after 3 s"
    done = summary([_job(tmp_path, "", "energies", State.DONE)], 3)
    assert done == "Summary after 3 s"
    kept = summary([_job(tmp_path, "He hf_x", "plan", State.KEPT)], 3)
    assert kept == "Summary after 3 s\n  1 kept from a former run"


def test_a_failed_table_is_no_system(tmp_path: Path) -> None:
    job = _job(tmp_path, "", "energies", State.FAILED, "a: error: first\nb: error: x: error: y\n")
    assert summary([job], 3).splitlines()[1:] == [
        "  1 failed:", f"    energies: x: error: y ({job.log})"
    ]  # fmt: skip


def test_a_job_without_a_time_counts_as_none(tmp_path: Path) -> None:
    job = _job(tmp_path, "He hf_x", "plan", State.DONE)
    job.benchmark.unlink()
    assert "He hf_x (0 s)" in summary([job], 1)


def test_the_system_of_a_file() -> None:
    assert system_of(Path("results/Be/hf_cc-pVDZ/sce.json")) == "Be hf_cc-pVDZ"
    for path in ("studies/default/tables/a.csv", "models/line/line.h5", "benchmarks/engine.csv"):
        assert not system_of(Path("results", path))
