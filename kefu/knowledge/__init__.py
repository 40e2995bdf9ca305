"""Questions about the shop: entries, index, search, decision."""
