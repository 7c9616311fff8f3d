"""What is to be traced: problems, their files and texts, and where in a text an error is."""
