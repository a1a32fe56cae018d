"""The edge where things come in: files, git, the forge's event."""
