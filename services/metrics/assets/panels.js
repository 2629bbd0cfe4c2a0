// Draws each <figure> of a console with uPlot: data-query over the chosen time, a line for each value of data-label.
"use strict";

const HEIGHT = 180, POINTS = 240, REFRESH = 15000;
// Told apart by most eyes on light and dark: https://jfly.uni-koeln.de/color/
const COLOURS = ["#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#8c8c00", "#7f7f7f"];
const PREFIXES = [[1e9, "G"], [1e6, "M"], [1e3, "k"], [1, ""], [1e-3, "m"], [1e-6, "µ"]];
const minutes = document.getElementById("minutes");
const charts = new Map();

// Past the palette, steps of the golden angle never meet, and dashes help where they come close.
const colour = (index) => COLOURS[index] ?? `hsl(${(index * 137.5) % 360} 65% 45%)`;
const dash = (index) => (index < COLOURS.length ? [] : [6, 3]);

function short(value, unit) {
  if (value == null) return "-";
  // A thousandth of a second is usual, that of anything else is a puzzle.
  const prefixes = unit === "s" ? PREFIXES : PREFIXES.slice(0, 4);
  const [size, prefix] = prefixes.find(([size]) => Math.abs(value) >= size) ?? [1, ""];
  return `${Number((value / size).toPrecision(3))} ${prefix}${unit}`.trim();
}

function clock(seconds) {
  const day = minutes.value > 1440 ? { weekday: "short" } : {};
  return new Date(seconds * 1000).toLocaleString("en-GB", { ...day, hour: "2-digit", minute: "2-digit" });
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

async function fetchSeries(query) {
  const step = Math.max(5, Math.ceil(60 * minutes.value / POINTS));
  // The last point is now: a pod that is younger than a step has no other.
  const end = Math.floor(Date.now() / 1000), start = end - step * Math.floor(60 * minutes.value / step);
  const response = await fetch("/api/v1/query_range?" + new URLSearchParams({ query, start, end, step }));
  const body = await response.json();
  if (body.status !== "success") throw new Error(body.error);
  const times = Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, index) => start + index * step);
  const lines = body.data.result.map(({ values }) => {
    const known = new Map(values.map(([time, value]) => [Math.round(time), Number(value)]));
    return times.map((time) => (isFinite(known.get(time)) ? known.get(time) : null));
  });
  return { labels: body.data.result.map(({ metric }) => metric), data: [times, ...lines] };
}

// One line has the name of its panel, others that of their label; without one, as in a query, all their labels.
function nameOf(metric, label, title) {
  if (label !== undefined) return metric[label] ?? title;
  const { __name__ = "", ...labels } = metric;
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${value}"`);
  return __name__ + (pairs.length ? `{${pairs}}` : "") || title;
}

// As wide as the longest number: a fixed width cuts numbers off.
function axisWidth(chart, values, index, cycle) {
  const axis = chart.axes[index];
  if (cycle > 1) return axis._size;
  chart.ctx.font = axis.font[0];
  const widths = (values ?? []).map((value) => chart.ctx.measureText(value).width / devicePixelRatio);
  return Math.ceil(axis.ticks.size + axis.gap + Math.max(0, ...widths));
}

function options(names, unit, width) {
  const stroke = getComputedStyle(document.body).color;
  const grid = { stroke: "#8884", width: 1 }, font = "11px system-ui, sans-serif";
  // Without a pointer there is no place, and the newest value is shown.
  const newest = (chart, index) => chart.data[index].findLast((value) => value != null);
  const shown = (chart, value, index, place) => short(place == null ? newest(chart, index) : value, unit);
  const lines = names.map((label, index) => (
    { label, stroke: colour(index), dash: dash(index), width: 1.5, points: { show: false }, value: shown }));
  return {
    width, height: HEIGHT, cursor: { sync: { key: "time" } },
    scales: { y: { range: (_, least, most) => [Math.min(0, least ?? 0), most > 0 ? most * 1.1 : 1] } },
    axes: [
      { stroke, grid, font, space: 60, values: (_, times) => times.map(clock) },
      { stroke, grid, font, size: axisWidth, values: (_, values) => values.map((value) => short(value, unit)) },
    ],
    series: [{ label: "time", value: (chart, time) => clock(time ?? chart.data[0].at(-1)) }, ...lines],
  };
}

// A chart stays while its lines are the same, so that the pointer keeps its place.
function show(figure, names, data) {
  const { title, unit = "" } = figure.dataset, key = JSON.stringify(names);
  const known = charts.get(figure);
  if (known?.key === key) return known.chart.setData(data);
  known?.chart.destroy();
  figure.replaceChildren(element("figcaption", title));
  const chart = new uPlot(options(names, unit, figure.clientWidth - 16), data, figure);
  chart.ctx.canvas.setAttribute("role", "img");
  chart.ctx.canvas.setAttribute("aria-label", title);
  charts.set(figure, { key, chart });
}

function say(figure, sentence) {
  charts.get(figure)?.chart.destroy();
  charts.delete(figure);
  figure.replaceChildren(element("figcaption", figure.dataset.title), element("p", sentence));
}

// data-state says what became of the panel; system-test/test_consoles.py reads it.
async function draw(figure) {
  const { title, query, label } = figure.dataset;
  let state = "error";
  try {
    const { labels, data } = await fetchSeries(query);
    state = labels.length ? "data" : "empty";
    if (labels.length) show(figure, labels.map((metric) => nameOf(metric, label, title)), data);
    else say(figure, "no data");
  } catch (error) {
    say(figure, `Prometheus did not answer: ${error.message}`);
  }
  figure.dataset.state = state;
}

// One after the other: Prometheus has one core for them.
async function drawAll() {
  for (const figure of document.querySelectorAll("figure")) await draw(figure);
}

minutes.value = localStorage.getItem("minutes") ?? "15";
minutes.addEventListener("change", () => {
  localStorage.setItem("minutes", minutes.value);
  drawAll();
});
addEventListener("resize", () => charts.forEach(({ chart }, figure) =>
  chart.setSize({ width: figure.clientWidth - 16, height: HEIGHT })));
setInterval(drawAll, REFRESH);
drawAll();
