"""What a customer wants done: which remedy, or something about a case that he has."""
