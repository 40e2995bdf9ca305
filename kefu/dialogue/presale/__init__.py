"""Questions about goods before they are bought."""
