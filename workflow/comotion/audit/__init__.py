"""A second opinion on a published reference set, by code of its own.

Nothing here uses the transport engine, the densities or the tables of the package: what is checked
is computed again from the files of the set alone. Only certificates go to `comotion.proof`.
"""
