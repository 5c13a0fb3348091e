"""What a person has to say about a decision that is recorded: in so many words, and on a day that has come."""

from datetime import date

from xiangning_zyz.cli.desk import day_of, now
from xiangning_zyz.cli.usage import wrong


def said(text: str | None, option: str) -> str:
    """The words of *option* on one line; usage error if there are none."""
    words = " ".join((text or "").split())
    if not words:
        raise wrong(f"请写明 {option}，不能为空。")
    return words


def happened(text: str | None, option: str = "--on") -> date:
    """The day of *option*, today unless said; usage error for one that has not come."""
    today = now().date()
    day = day_of(text, option) if text else today
    if day > today:
        raise wrong(f"{option} 不能晚于今天（{today}）。")
    return day
