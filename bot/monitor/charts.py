"""From a chart to what Vega-Lite draws: one place that says how charts look, by day and by night, wide and narrow."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from bot.monitor.panel import Chart

BAR, AXIS, OVER_TIME = 26, 56, 220
"""Pixels of height: of a lying bar, of what stands around bars, of a chart over time."""
SPARE = {"left": 18, "right": 22, "top": 6, "bottom": 6}
"""Room around a chart: a phone's letters may be wider than those that the drawer measures with."""


class Palette(NamedTuple):
    """Colours of the desk's style sheet: of writing, lines, figures, targets; and of the lines of a chart."""

    ink: str
    line: str
    act: str
    aim: str
    series: tuple[str, ...]
    paper: str | None = None


class Look(NamedTuple):
    """How large a chart is drawn, and in which colours."""

    width: int
    palette: Palette


LIGHT = Palette("#15241f", "#d5ded8", "#0b6154", "#b45309", ("#0b6154", "#2f6fb0", "#8a4fae", "#b3261e"))
DARK = Palette("#e6efea", "#2c3b36", "#86dcc4", "#ffc766", ("#86dcc4", "#8fc1f5", "#d3a8ef", "#ff8a80"))

LOOKS: Mapping[str, Look] = MappingProxyType(
    {
        "wide-light": Look(500, LIGHT),
        "wide-dark": Look(500, DARK),
        "narrow-light": Look(330, LIGHT),
        "narrow-dark": Look(330, DARK),
        "print": Look(720, LIGHT._replace(paper="#ffffff")),
    }
)
"""The looks that a page asks for, and that of a picture taken away."""


def height(chart: Chart) -> int:
    """Return the height of a chart in pixels; its width is that of the look."""
    return AXIS + BAR * max(1, len(chart.points)) if chart.kind == "bars" else OVER_TIME


def spec(chart: Chart, look: Look) -> dict[str, Any]:
    """Return the Vega-Lite specification of a chart."""
    marks = {"columns": _columns, "bars": _bars, "lines": _lines}[chart.kind](chart, look)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": look.width,
        "height": height(chart),
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": SPARE,
        "background": look.palette.paper,
        "data": {"values": [point._asdict() for point in chart.points]},
        "layer": [*marks, *_aim(chart, look)],
        "config": _config(look.palette),
    }


def _columns(chart: Chart, look: Look) -> list[dict[str, Any]]:
    x, y = _labels("x"), _values("y", chart)
    return [{"mark": {"type": "bar", "color": look.palette.act, "cornerRadiusEnd": 2}, "encoding": {**x, **y}}]


def _bars(chart: Chart, look: Look) -> list[dict[str, Any]]:
    where = {**_labels("y", limit=look.width // 3), **_values("x", chart)}
    text = {"text": {"field": "value", "type": "quantitative", "format": ",d"}}
    return [
        {"mark": {"type": "bar", "color": look.palette.act, "cornerRadiusEnd": 2}, "encoding": where},
        {"mark": {"type": "text", "align": "left", "dx": 4, "color": look.palette.ink}, "encoding": {**where, **text}},
    ]


def _lines(chart: Chart, look: Look) -> list[dict[str, Any]]:
    names = list(dict.fromkeys(point.series for point in chart.points))
    legend = {"orient": "top", "title": None, "labelLimit": look.width // 3, "columns": 2}
    colours = {"domain": names, "range": list(look.palette.series[: len(names)])}
    colour = {"field": "series", "type": "nominal", "legend": legend, "scale": colours}
    where = {**_labels("x"), **_values("y", chart), "color": colour}
    return [{"mark": {"type": "line", "point": True, "strokeWidth": 2}, "encoding": where}]


def _aim(chart: Chart, look: Look) -> list[dict[str, Any]]:
    """The target, drawn across."""
    if chart.aim is None:
        return []
    across = "x" if chart.kind == "bars" else "y"
    rule = {"type": "rule", "color": look.palette.aim, "strokeDash": [6, 4], "strokeWidth": 2}
    return [{"mark": rule, "encoding": {across: {"datum": chart.aim, "type": "quantitative"}}}]


def _labels(channel: str, limit: int = 90) -> dict[str, Any]:
    axis = {"title": None, "labelOverlap": channel == "x", "labelLimit": limit, "ticks": False, "domain": False}
    if channel == "x":
        axis |= {"labelAngle": 0}
    return {channel: {"field": "label", "type": "nominal", "sort": None, "axis": axis}}


def _values(channel: str, chart: Chart) -> dict[str, Any]:
    axis = {
        "title": "%" if chart.percent else None,
        "tickCount": _ticks(chart),
        "format": ",d",
        "domain": False,
        "ticks": False,
    }
    scale = {"zero": True, "nice": True}
    return {channel: {"field": "value", "type": "quantitative", "axis": axis, "scale": scale}}


def _ticks(chart: Chart) -> int:
    """How many lines across: none stands between whole numbers."""
    return max(1, min(4, math.ceil(max((point.value for point in chart.points), default=0))))


def _config(palette: Palette) -> dict[str, Any]:
    words = {"labelColor": palette.ink, "titleColor": palette.ink, "labelFontSize": 12}
    return {
        "font": "sans-serif",
        "view": {"stroke": None},
        "axis": {**words, "gridColor": palette.line},
        "axisX": {"grid": False},
        "legend": words,
        "text": {"fontSize": 12},
    }
