# What the run has done, said when it ends.
import time

from snakemake.logging import logger

from study.summary import summary

BEGIN = time.monotonic()


def say_summary():
    """Print the summary."""
    logger.info(summary(hooks.jobs(workflow), time.monotonic() - BEGIN))


onsuccess:
    say_summary()


onerror:
    say_summary()
