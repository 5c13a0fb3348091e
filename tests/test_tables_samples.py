"""Real workbooks with answer keys, where a folder of them is at hand: `ZYZ_SAMPLES=FOLDER`.

They are not ours to publish, so the repository holds none.
"""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
from score_inspect import ASPECTS, BAR, scored_file

SAMPLES = os.environ.get("ZYZ_SAMPLES", "")
KEYS = sorted(Path(SAMPLES).glob("*.expected.json")) if SAMPLES else []

pytestmark = pytest.mark.skipif(not KEYS, reason="no folder of real workbooks with answer keys (ZYZ_SAMPLES)")


@pytest.mark.parametrize("key", KEYS, ids=lambda path: path.name)
def test_a_keyed_workbook_is_read_to_the_bar_and_nothing_is_invented(key):
    score = scored_file(key)

    assert score.invented == 0
    assert [aspect for aspect in ASPECTS if score.right[aspect] < BAR[aspect] * score.cells] == []
