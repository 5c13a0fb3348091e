"""Pages that are made from code say what the code says."""

import runpy
from pathlib import Path

import pytest

MAKER = Path(__file__).resolve().parent.parent / "tools" / "make_reference.py"
PAGES = runpy.run_path(str(MAKER))["pages"]() if MAKER.is_file() else {}


@pytest.mark.skipif(not PAGES, reason="the tools do not travel with the package")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_generated_page_is_current(page):
    assert page.read_text(encoding="utf-8") == PAGES[page], "run python tools/make_reference.py"
