"""Figures of the soluble and model problems."""
