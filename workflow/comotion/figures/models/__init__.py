"""Figures of the soluble and model problems: each takes the arrays of its problem by name."""
