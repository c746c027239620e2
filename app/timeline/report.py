"""One day on paper: a page that prints well, needs no network and can be kept. No Streamlit.

Light only, as paper is. Charts are drawn by plotly.js, which is in the file.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, tzinfo
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import plotly.graph_objects as go
import plotly.io as pio
from plotly.offline import get_plotlyjs

from app.alerts.when import clock, lasting
from app.alerts.words import answered, course
from app.timeline.charts import distribution_figure
from app.timeline.day import MOST_ALERTS, Day, SessionFacts, gather_day
from app.timeline.looks import hex_of, title_of
from app.timeline.view import MOST_LANES
from app.words import HONEST_LINE, counted
from core.alerts.alert import Alert
from core.clock import SystemClock
from core.records.note import Note
from core.timeline.distribution import distribution

if TYPE_CHECKING:
    from app.looking_back import LookingBack

WIDTH_PX = 688
"""Of A4 between its margins, 182 mm at 96 pixels an inch: charts keep it on screen and paper."""

_CSS = Path(__file__).parents[1] / "assets" / "report.css"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
_NOTHING = "Nothing was seen on this day: no camera was on, or no face could be read."
_LIMITS = (
    "An expression is what a face looks like to a model, which is right about 7 times of 10 on "
    "photographs that people had labelled. It is not what a person feels, and no finding about "
    "anybody's health.",
    "“Not sure” is where no expression reached the confidence that was set.",
    "Only faces in the picture, turned towards the camera and lit well enough, are read. Of all "
    "other time nothing is known: nothing here means that nothing was seen, not that nothing was.",
    "Mien does not know who somebody is. Who leaves the picture and comes back counts as another "
    "person.",
    "An alert may be false, and none may come where one was due.",
    "Pictures are not part of this report. Readings are kept on the computer that runs Mien, and "
    "are erased after the time that is set there.",
)


def day_report_html(
    day: date, zone: tzinfo | None, looking_back: LookingBack, now_utc: datetime | None = None
) -> str:
    """The whole page.

    Args:
        day: in the zone.
        zone: of all times; None for the server's own.
        looking_back: the records.
        now_utc: when it is made; None for now.

    Raises:
        RecordsError: the database cannot be read.
    """
    now_utc = now_utc or SystemClock().now_utc()
    found = gather_day(day, zone, looking_back)
    title = day_words(day)
    parts = [
        _head(title, found, zone, now_utc),
        _expressions(found) if found.view.seconds else f"<p>{_NOTHING}</p>",
        _sessions(found.sessions, zone),
        _alerts(found.alerts, day, zone, now_utc),
        _notes(found.notes, zone),
        _hours(found, zone),
        _over_time(found),
        "<h2>What to bear in mind</h2><ul>" + "".join(f"<li>{each}</li>" for each in _LIMITS),
        "</ul>",
    ]
    return _page(f"Mien, {title}", "\n".join(filter(None, parts)))


def day_words(day: date) -> str:
    """“Friday, 20 November 2026”; not strftime's names, which follow the server's language."""
    return f"{_DAYS[day.weekday()]}, {day.day} {_MONTHS[day.month - 1]} {day.year}"


def _page(title: str, body: str) -> str:
    script = get_plotlyjs() if 'class="chart"' in body else ""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{escape(title)}</title>
<style>{_CSS.read_text(encoding="utf-8")}</style>
<script>{script}</script>
</head>
<body>
{body}
</body>
</html>
"""


def _head(title: str, day: Day, zone: tzinfo | None, now_utc: datetime) -> str:
    made = f"{day_words(now_utc.astimezone(zone).date())}, {clock(now_utc, zone)}"
    so_far = " The day was not over then." if now_utc < day.span.until_utc else ""
    name = day.span.since_utc.astimezone(zone).tzname() or "UTC"
    unanswered = sum(alert.answer is None for alert in day.alerts)
    figures = [
        (_time(day.on_s), "with a camera on"),
        (_time(day.read_minutes * 60), f"of it with a face that could be read{_share(day)}"),
        (
            counted(len(day.alerts), "alert"),
            f"{unanswered} without an answer" if unanswered else "all answered",
        ),
        (counted(len(day.notes), "note"), "by people"),
    ]
    if not day.alerts:
        figures[2] = ("No alerts", "were raised")
    boxes = "".join(f"<div><b>{value}</b><span>{what}</span></div>" for value, what in figures)
    return f"""<button class="print" onclick="print()">Print</button>
<h1>{escape(title)}</h1>
<p class="faint">Day report by Mien, made on {escape(made)}.{so_far} Times are those of
{escape(name)}.</p>
<div class="honest"><p><b>What this is.</b> How faces looked to the cameras of this computer, second
by second, as a model reads it. {escape(HONEST_LINE)}</p></div>
<div class="figures">{boxes}</div>"""


def _time(seconds: float) -> str:
    return lasting(seconds) if seconds else "No time"


def _share(day: Day) -> str:
    """How much of the day that is."""
    share = day.read_minutes * 60 / day.span.length_s
    return f", {share:.0%} of the day" if share >= 0.01 else ""


def _expressions(day: Day) -> str:
    return f"""<h2>For how long each expression was the likeliest</h2>
{_chart(distribution_figure(distribution(day.view.everybody)))}
<p class="faint">All people's time together: {lasting(day.view.seconds)}.</p>"""


def _over_time(day: Day) -> str:
    if not day.view.seconds:
        return ""
    hidden = day.view.people - day.view.lanes
    lanes = (
        f" The {MOST_LANES} people who were seen longest have a lane of their own; {hidden} more "
        "do not."
        if hidden > 0
        else ""
    )
    return f"""<h2>The day</h2>
{_chart(day.view.figure)}
<p class="faint">Probabilities are means over everybody who was read.{lanes}</p>"""


def _chart(figure: go.Figure | None) -> str:
    """A copy for paper: of fixed width, with nothing to be pressed."""
    if figure is None:
        return ""
    on_paper = go.Figure(figure)
    on_paper.update_layout(
        template="none",
        width=WIDTH_PX,
        font={"color": "#0F1719", "family": "Liberation Sans, Arial, sans-serif", "size": 12},
    )
    drawn = pio.to_html(
        on_paper, config={"staticPlot": True}, include_plotlyjs=False, full_html=False
    )
    return f'<div class="chart">{drawn}</div>'


def _sessions(sessions: Sequence[SessionFacts], zone: tzinfo | None) -> str:
    rows = [
        (
            f"{clock(each.span.since_utc, zone)} to {clock(each.span.until_utc, zone)}",
            escape(each.session.title),
            lasting(each.span.length_s),
            lasting(each.read_s),
            str(each.people),
            escape(each.session.model),
        )
        for each in sessions
    ]
    heads = ("Time", "Camera", "Length", "Faces read", "People", "Model")
    return _table("Cameras", heads, rows)


def _alerts(alerts: Sequence[Alert], day: date, zone: tzinfo | None, now_utc: datetime) -> str:
    rows = [
        (
            str(alert.number),
            clock(alert.fired_utc, zone, seconds=True),
            f"<b>{escape(alert.title)}</b><br>{escape(_where(alert))}",
            f"{escape(alert.why.sentence)} {escape(course(alert, now_utc))}.",
            escape(_answer(alert, day, zone)),
        )
        for alert in alerts
    ]
    more = (
        f'<p class="faint">The day had more alerts; these are its last {MOST_ALERTS}.</p>'
        if len(alerts) == MOST_ALERTS
        else ""
    )
    return _table("Alerts", ("No.", "Time", "What", "How it went", "Answer"), rows) + more


def _where(alert: Alert) -> str:
    person = "" if alert.person is None else f", person {alert.person}"
    return f"{alert.camera_name}{person}"


def _answer(alert: Alert, day: date, zone: tzinfo | None) -> str:
    if alert.answered_utc is None:
        return answered(alert)
    on = alert.answered_utc.astimezone(zone).date()
    later = "" if on == day else f" on {on.day} {_MONTHS[on.month - 1]}"
    return f"{answered(alert)}, {clock(alert.answered_utc, zone)}{later}"


def _notes(notes: Iterable[Note], zone: tzinfo | None) -> str:
    rows = [
        (clock(note.at_utc, zone), escape(note.text) or '<span class="faint">A mark</span>')
        for note in notes
    ]
    return _table("Notes", ("Time", "Note"), rows)


def _hours(day: Day, zone: tzinfo | None) -> str:
    hours, rows = day.hours, []
    for row, begin_s in enumerate(hours.begin_s.tolist()):
        top = int(hours.top[row].argmax())
        look, seconds = hours.looks[top], int(hours.seconds[row])
        share = hours.top[row, top] / seconds
        pain = hours.pain_most[row] if hours.pain_seconds[row] else math.nan
        swatch = f'<span class="swatch" style="background:{hex_of(look)}"></span>'
        rows.append(
            (
                clock(datetime.fromtimestamp(begin_s, UTC), zone),
                lasting(seconds),
                f"{swatch}{escape(title_of(look))}, {share:.0%} of it",
                "–" if math.isnan(pain) else f"{pain:.0%}",
            )
        )
    heads = ("From", "Faces read", "Mostly", "Pain, highest")
    return _table("Hour by hour", heads, rows)


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Cells are HTML already; without rows there is no table."""
    if not rows:
        return ""
    head = "".join(f"<th>{each}</th>" for each in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<h2>{title}</h2><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
