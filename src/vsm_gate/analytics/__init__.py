"""Questions asked of many records."""
