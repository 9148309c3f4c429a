"""Kohn-Sham atoms: self-consistent with transport functionals, and the potential of a density."""
