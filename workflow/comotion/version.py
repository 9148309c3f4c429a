"""The version of the package, apart from everything that changes more often."""

VERSION = "0.3.0"
