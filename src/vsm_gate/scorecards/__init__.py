"""Policies: schema, inheritance, criteria, scoring, decision. Pure."""
