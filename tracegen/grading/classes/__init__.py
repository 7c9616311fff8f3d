"""A class: sheets collected and graded by many hands, what people ruled about them, and the files on them all."""
