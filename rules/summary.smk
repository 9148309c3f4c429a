# What the run has done, said when it ends.
import time

from snakemake.logging import logger

from study.summary import summary

BEGIN = time.monotonic()


def say_summary():
    """Print the summary."""
    took = time.monotonic() - BEGIN
    logger.info(summary(hooks.jobs(workflow), took, STUDY["leave_out"]))


onsuccess:
    say_summary()


onerror:
    say_summary()
