# What the run has done, said when it ends.
import time

from snakemake.logging import logger

from comotion.summary import Job, State, summary

BEGIN = time.monotonic()


def state(job, failed):
    """What has become of a job."""
    if not workflow.dag.needrun(job):
        return State.KEPT
    if workflow.dag.finished(job):
        return State.DONE
    return State.FAILED if job in failed else State.WAITING


def system_of(job):
    """System and level of a job, which its paths name; nothing for one of the whole study."""
    _, *key, _ = Path(job.output[0]).parts
    return " ".join(key) if len(key) == 2 and key[0] != "figures" else ""


def say_summary():
    """Print the summary."""
    # A group of jobs fails as one.
    failed = {
        job
        for unit in workflow.scheduler.failed
        for job in (unit.jobs if unit.is_group() else [unit])
    }
    logger.info(
        summary(
            [
                Job(
                    system_of(job),
                    job.rule.name,
                    state(job, failed),
                    Path(job.log[0]),
                    Path(job.benchmark),
                )
                for job in workflow.dag.jobs
                if job.log and job.benchmark
            ],
            time.monotonic() - BEGIN,
        )
    )


onsuccess:
    say_summary()


onerror:
    say_summary()
