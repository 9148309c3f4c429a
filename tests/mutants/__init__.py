"""Mutation testing: one small fault at a time is put into the sources, and the tests must notice.

Faults are drawn at random, with a seed, from the science packages, the tables, the figures, the
stages and the rules; or they are read from lists of faults made by hand. Each is tried in a copy of
the project, against the tests that run the line. ``make mutants`` does both.

mutmut wraps functions in ways that numba does not compile, and cosmic-ray starts a new Python, with
PySCF and the compiled engine to load, for every fault. Here the libraries are loaded once and each
trial is a fork; a fault is a piece of text put in the place of another, so rules of Snakemake can
have some as well.
"""
