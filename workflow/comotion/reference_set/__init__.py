"""The published reference set: made from finished results, read, and compared with another."""
