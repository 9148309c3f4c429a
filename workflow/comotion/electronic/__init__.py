"""Ab-initio atoms by PySCF: ground term, mean field, correlation, averaged density."""
