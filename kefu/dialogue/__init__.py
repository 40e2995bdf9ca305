"""What one message means to the conversation."""
