"""The same bulletins and questions put to other libraries, each in an environment of its own."""
