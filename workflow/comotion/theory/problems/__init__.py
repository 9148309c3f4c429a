"""The problems of the theory as stages: each solves one and writes its numbers and arrays."""
