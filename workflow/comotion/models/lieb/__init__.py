"""The universal functional by Lieb maximisation, from the mean field to strict correlation."""
