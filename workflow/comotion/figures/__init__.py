"""Tables and arrays become figures, one function a figure."""
