"""Coverage report formats, a module each."""
