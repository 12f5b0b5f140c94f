"""The bulletins for programs over the Model Context Protocol."""
