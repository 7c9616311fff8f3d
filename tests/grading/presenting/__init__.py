"""A generator of presentations: right answers of random problems with planted slips, written the way people write.

The right verdict of every cell is known, since the mathematics is generated; so the rates of false accusations, of
slips that are missed and of lines that nobody looks at can be measured on sheets that nobody has seen.
"""
