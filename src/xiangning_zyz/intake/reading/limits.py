"""How much of a foreign file is read: every bound, in one place, each tested on both sides.

Chosen above anything an office sends (the largest of 118 real workbooks had 60,000 cells) and low
enough that a file at every bound at once stays under 512 MiB and 20 seconds.
"""

FILE_BYTES = 32 << 20  # of the file as received
ZIP_ENTRIES = 1_000
PART_BYTES = 256 << 20  # of one part when inflated; counted, never believed
INFLATED_BYTES = 512 << 20  # of all parts of one file
XML_DEPTH = 100  # open elements
XML_NAMES = 5_000  # different names of elements and attributes in one part
XML_TOKEN_BYTES = 4 << 20  # of one tag or comment
SHEETS = 500
ROWS = 250_000  # the last row read
COLUMNS = 1_024  # the last column read
CELLS = 1_250_000  # non-empty cells of one workbook; to understand one takes 325 bytes
MARGINS = 100_000  # merges, and settings of columns, of one workbook
MERGED_CELLS = 2_000_000  # used cells under the merges of one sheet; more only if merges overlap
CELL_CHARACTERS = 32_767  # Excel's own limit
SHARED_CHARACTERS = 32 << 20  # of the shared strings; an entry counts 64 beside its text
PACKED_BYTES = 192 << 20  # of all rows on their way to the parent: shared strings may be used many times
SECONDS = 20.0  # for one workbook
CHILD_MEMORY = 1 << 30  # address space of the reading process
