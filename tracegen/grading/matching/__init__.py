"""What the fields of a sheet mean: which quantity each column of a table gives, found by evaluating it."""
