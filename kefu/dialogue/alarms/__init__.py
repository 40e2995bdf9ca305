"""What must be noticed whatever a message is about: danger, fraud, anger."""
