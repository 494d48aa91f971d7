"""A plan for paper and for a calendar: the same lines that the planner says."""

from __future__ import annotations

from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING

from foramlib.errors import InvalidInput
from foramlib.evidence import footnotes
from foramlib.identity import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from foramlib.recovery.planner import Plan, PlannedStep

__all__ = ["calendar_text", "plan_html"]

_MOST = 74  # octets of a line of a calendar file, without its fold


def calendar_text(plan: Plan) -> str:
    """Write a plan as an iCalendar file (RFC 5545): the operation, and a whole-day entry for each dated step.

    Parameters
    ----------
    plan : Plan
        What to write. A step without a date has no entry; the operation's own entry names it.

    Raises
    ------
    InvalidInput
        If the plan has no step.
    """
    if not plan.steps:
        raise InvalidInput("A plan without steps cannot be written as a calendar; give one with at least one step.")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//foramlib//recovery plan//EN"]
    lines += [line for event in _events(plan) for line in event]
    return "\r\n".join(part for line in [*lines, "END:VCALENDAR"] for part in _folded(line)) + "\r\n"


def _events(plan: Plan) -> Iterator[list[str]]:
    start = plan.request.operation
    unknown = [step.step.name for step in plan.steps if step.earliest is None]
    about = " ".join([*plan.caution, f"Not known: {', '.join(unknown)}." if unknown else ""])
    helped = " ".join(f"{one.urgency}: {one.sign}; {one.act}." for one in plan.help)
    yield _event(plan, "operation", (start, start), plan.heading, f"{about} Call for help. {helped}")
    for step in plan.steps:
        if step.earliest is not None and step.latest is not None:
            said = " ".join(f"{one.who}: {one.span}; {one.words}." for one in step.sayings)
            title = f"{step.step.name}: {step.dates} ({step.standing})"
            yield _event(plan, step.step.step, (step.earliest, step.latest), title, said)


def _event(plan: Plan, key: str, days: tuple, title: str, words: str) -> list[str]:  # type: ignore[type-arg]
    first, last = days
    return [
        "BEGIN:VEVENT",
        # Another plan for the same day is another entry; the same plan again is the same one.
        f"UID:{plan.request.operation:%Y%m%d}-{key}-{fingerprint(plan.request, key)[:16]}@foramlib",
        # Nothing here depends on the clock: the same plan is the same file.
        f"DTSTAMP:{plan.request.operation:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{first:%Y%m%d}",
        f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_plain(title)}",
        f"DESCRIPTION:{_plain(words)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _plain(text: str) -> str:
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Break a line into parts of at most 75 octets; each later part begins with a space."""
    part = ""
    for letter in line:
        if len((part + letter).encode()) > _MOST:
            yield part
            part = " "
        part += letter
    yield part


def plan_html(plan: Plan) -> str:
    """Write a plan as a page to print: steps, dates, who says so, and when to call for help.

    Parameters
    ----------
    plan : Plan
        What to write.
    """
    rows = "".join(_row(step) for step in plan.steps)
    told = footnotes(rows)
    marks = f"<p>{told}</p>" if told else ""
    signs = "".join(f"<li>{escape(f'{one.urgency}: {one.sign}; {one.act}')}</li>" for one in plan.help)
    caution = "".join(f"<p>{escape(sentence)}</p>" for sentence in plan.caution)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(plan.heading)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(plan.heading)}</h1>{caution}<table><caption>Steps with dates, and who says so</caption>"
        '<thead><tr><th scope="col">Step</th><th scope="col">When</th><th scope="col">Who says so</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>{marks}<h2>When to call for help</h2><ul>{signs}</ul></body></html>\n"
    )


_STYLE = (
    "body{font:11pt/1.4 system-ui,sans-serif;max-width:48em;margin:2em auto;padding:0 1em}h1{font-size:1.4em}"
    "table{border-collapse:collapse;width:100%}caption{text-align:left}th,td{text-align:left;vertical-align:top;"
    "padding:.3em .6em .3em 0;border-bottom:1px solid}ul{padding-left:1.2em}tr{break-inside:avoid}"
)


def _row(step: PlannedStep) -> str:
    said = [f"{one.who}: {step.dates_of(one)}; {one.words}." for one in step.sayings]
    said += [f"For comparison, {one.who}: {step.dates_of(one)}; {one.words}." for one in step.beside]
    said += [f"Known: {one.words} ({one.citation.text})." for one in step.findings]
    items = "".join(f"<li>{escape(line)}</li>" for line in said)
    standing = f"<br>({escape(step.standing)})" if step.timed else ""
    return (
        f'<tr><th scope="row">{escape(step.step.name)}</th><td>{escape(step.dates)}{standing}</td>'
        f"<td><ul>{items}</ul></td></tr>"
    )
