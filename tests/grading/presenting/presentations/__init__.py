"""How people write: each dimension of a presentation is a table with a row a way."""
