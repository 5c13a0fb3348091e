"""Foreign workbooks as cells: `books.read_books` is the door.

Everything sent to the office is hostile until it has been read, so it is read in a child process
with bounded time and memory (docs/decisions/0003). The readers, `xlsx`, `xlsb`, `xls`, `ods` and
`delimited`, run there; what comes out are `grid.Book`s and problems. The child imports this package
too and must start fast: nothing is imported here.
"""
