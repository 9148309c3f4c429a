"""Stage: compile the engine before the first job needs it.

Compiled code is cached on disk, by processor type; see the README's section on the engine.
"""

from comotion.density.models import exponential
from comotion.stage import parser
from comotion.transport.sce import strict_correlation


def compile_engine() -> None:
    """Run everything compiled once, on three electrons."""
    strict_correlation(exponential(3))


if __name__ == "__main__":
    parser("comotion.compile", __doc__ or "").parse_args()
    compile_engine()
