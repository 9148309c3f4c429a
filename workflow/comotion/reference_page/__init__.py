"""The page of a reference set: one HTML file with all of it, which needs no network."""
