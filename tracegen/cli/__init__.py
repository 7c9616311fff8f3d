"""The command line: finds the command, says what there is, shows progress."""
