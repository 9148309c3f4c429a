"""Stages: each reads what the stages before it made, computes, and writes its own records.

A stage is a module with ``add_options(parser)`` and ``run(options)``; `comotion.cli` is the
command line of them all.
"""
