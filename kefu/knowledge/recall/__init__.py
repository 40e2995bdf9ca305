"""Finding entries: rows, four routes, their fusion, and the reranker."""
