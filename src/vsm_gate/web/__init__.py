"""What pages have in common: their frame, their style, their words, and the folder they go to."""
