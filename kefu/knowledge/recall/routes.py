"""What the routes of the search are called: in traces, weights, tables and measurements."""

DENSE, KEYWORD, RULES, PROFILE = "dense", "keyword", "rules", "profile"
ROUTES = (DENSE, KEYWORD, RULES, PROFILE)
FUSED = "fused"  # the order that the routes give together
RERANKER = "reranker"  # whose places are fused with those of the routes
RERANKED = "reranked"  # the fused order with the reranker's opinion in it
"""Names, in the order in which they are shown."""
