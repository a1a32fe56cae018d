"""What sensitive files do: a family of readers, each comparing a file with its base. Pure."""
