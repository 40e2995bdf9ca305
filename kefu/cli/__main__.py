"""`python -m kefu.cli` is `kefu`, for whoever starts it with an interpreter of his choice."""

from kefu.cli import main

main()
