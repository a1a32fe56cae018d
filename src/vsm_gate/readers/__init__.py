"""Report formats: bytes in, the model out. A format is one module and one line in `registry`."""
