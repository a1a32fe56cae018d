"""Manifests and lock files: which packages they name, and in which versions. Pure."""
