"""The command line: the only print and the only clock. One file per command group."""
