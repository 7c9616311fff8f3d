"""What a graph shows: circles, wires and notes, before anything has a place."""
