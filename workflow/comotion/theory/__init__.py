"""Exactly soluble and model problems of the theory."""
