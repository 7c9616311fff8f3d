"""Files that are read and written: never half, and never over one that is read or is not ours."""
