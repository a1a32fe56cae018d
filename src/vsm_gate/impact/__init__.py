"""Components, their graph and what a change reaches. Pure."""
