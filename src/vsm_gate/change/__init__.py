"""What a change is: the parsed diff and what follows from it. Pure."""
