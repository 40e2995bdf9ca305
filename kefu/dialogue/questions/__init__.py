"""Questions: follow-ups, those beside a form, those about the customer's own order."""
