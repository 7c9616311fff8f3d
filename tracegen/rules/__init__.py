"""The rule of a row as a reader sees it: with local partials, closed, with numbers put in, in a layout."""
