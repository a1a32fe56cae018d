"""Components from the files that teams already have, a module a format. Pure."""
