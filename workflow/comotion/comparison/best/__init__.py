"""Best estimates side by side."""
