"""Killed at any moment, `run`, `undo`, `backup` and `restore` leave nothing half, and a second try ends well.

The long form is `python tools/soak.py --care 150`.
"""

import pytest

from killing_care import JOBS, kill_rounds


@pytest.mark.parametrize(("name", "kills"), [("run", 6), ("undo", 3), ("backup", 4), ("restore", 4)])
def test_killed_at_a_random_moment_it_leaves_nothing_half(tmp_path, name, kills):
    *_, killed = kill_rounds(tmp_path, JOBS[name], kills, seed=1)
    assert killed == kills
