"""The corridor between the science and Snakemake: configurations, catalogue, jobs, summary.

It imports the science package, never the reverse.
"""
