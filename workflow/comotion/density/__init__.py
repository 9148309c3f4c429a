"""Spherically averaged densities: one class for each analytic or tabulated kind."""
