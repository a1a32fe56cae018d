"""The forge's API: requests that are bounded, and what their failures mean."""
