"""What was known: the ledger's valid facts and decisions, sorted for judging."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from xiangning_zyz.fact import Observation, Record, Recorded, Resolution, Verdict

Reported = Recorded[Observation]


class Known(NamedTuple):
    """Everything the ledger held at one moment; nothing superseded is in it."""

    observations: Mapping[str, Sequence[Reported]]  # by indicator
    records: Sequence[Recorded[Record]]
    resolutions: Sequence[Recorded[Resolution]]  # latest first
    verdicts: Sequence[Recorded[Verdict]]  # latest first


def gather(
    facts: Iterable[Reported],
    records: Iterable[Recorded[Record]] = (),
    resolutions: Iterable[Recorded[Resolution]] = (),
    verdicts: Iterable[Recorded[Verdict]] = (),
) -> Known:
    """Sort what the ledger returned; entries superseded at that moment are passed over."""
    observations: dict[str, list[Reported]] = defaultdict(list)
    for fact in facts:
        if not fact.superseded:
            observations[fact.what.indicator].append(fact)
    return Known(
        observations,
        [each for each in records if not each.superseded],
        sorted((each for each in resolutions if not each.superseded), key=lambda each: -each.import_id),
        sorted((each for each in verdicts if not each.superseded), key=lambda each: -each.import_id),
    )
