"""The verifier of pair bounds: what it accepts is proven, without trust in whoever made it.

It reads a certificate, one file of numbers, and uses nothing else of comotion but its errors:
NumPy for arrays, numba for the boxes, Arb's balls and exact integers by python-flint.
"""
