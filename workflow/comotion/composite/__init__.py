"""Best estimates: several levels of theory composed into one, with an error bar."""
