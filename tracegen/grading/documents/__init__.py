"""How files are laid out: blocks of cells with their text and place; what the cells mean is not looked at here."""
