"""Optimal transport beside quantum mechanics: records in, tables out."""
