"""What a message means to a form that is open, beside what it wants and why."""
