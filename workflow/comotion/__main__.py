"""``python -m comotion STAGE`` is the command ``comotion STAGE``."""

from comotion.cli import main

main()
