"""The density-representability hierarchy V_k, k = 2..N."""
