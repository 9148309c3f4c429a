"""The angular minimum: search, basin hopping, minimiser, Coulomb kernel, compilation."""
