"""Words as customers write them: folding, clauses, numbers, days, yes and no."""
