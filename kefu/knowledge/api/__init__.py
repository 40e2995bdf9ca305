"""The store over HTTP, apart from the server that it runs in: access, operations, their description."""
