"""Stage: draw the figure of one problem of the theory."""

import argparse
from pathlib import Path

from comotion.figures.canvas import save, style
from comotion.figures.theory import many_bodies, semiclassical, sites, transport
from comotion.records import read_arrays
from comotion.stage import add_file, parser, run

_FIGURES = {
    "line": transport.line,
    "antipodal": transport.antipodal,
    "supports": transport.supports,
    "two_sites": sites.two_sites,
    "representability": sites.representability,
    "infinite": many_bodies.infinite,
    "many": many_bodies.many,
    "semiclassical": semiclassical.pair_on_line,
    "radial_semiclassical": semiclassical.pair_in_space,
    "three_particles": semiclassical.three_on_line,
    "smoothing": semiclassical.smoothing,
}


def main(options: argparse.Namespace) -> None:
    """Draw the figure and save it in every format asked for."""
    with style():
        _, arrays = read_arrays(options.arrays)
        save(_FIGURES[options.problem](arrays), options.out)


if __name__ == "__main__":
    arguments = parser("comotion.figures.theory", __doc__ or "")
    arguments.add_argument("problem", choices=list(_FIGURES))
    add_file(arguments, "--arrays", "HDF5 file of the problem")
    arguments.add_argument("--out", type=Path, nargs="+", required=True, help="files to write")
    run(main, arguments)
