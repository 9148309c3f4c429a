"""Tables and settings as pages of the report: self-contained HTML."""
