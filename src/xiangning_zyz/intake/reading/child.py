"""The process in which foreign files are read, one after the other, until its input ends.

Started by `process.py`. It must be ready in a few milliseconds: nothing heavy is imported here.
Requests: the sizes of name and content, then both. Answers: the frames of `packing.py`.
"""

import gc
import signal
import sys

from xiangning_zyz.intake.reading.confinement import confine
from xiangning_zyz.intake.reading.documents import send_documents
from xiangning_zyz.intake.reading.packing import FRAME, REQUEST, Packed


def main() -> None:
    """Answer requests from standard input on standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    confine()
    gc.freeze()
    gc.set_threshold(100_000)  # a workbook is many small tuples and no cycles
    requests, answers = sys.stdin.buffer, sys.stdout.buffer

    def write(tag: bytes, payload: bytes) -> None:
        answers.write(FRAME.pack(tag, len(payload)))
        answers.write(payload)

    send = Packed(write)
    while header := requests.read(REQUEST.size):
        name_size, content_size = REQUEST.unpack(header)
        name = requests.read(name_size).decode()
        send_documents(name, requests.read(content_size), send)
        answers.flush()
