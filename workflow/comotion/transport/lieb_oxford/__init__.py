"""Lieb and Oxford: densities whose shape makes -W_inf / int rho^(4/3) large."""
