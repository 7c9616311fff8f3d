"""Where circles, wires and labels of a graph are."""
