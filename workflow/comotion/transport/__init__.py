"""Strictly correlated electrons: co-motion maps, angular minimum, cost and potential."""
