"""Tables, rows, columns and cells, and how a document of them becomes text in a format."""
