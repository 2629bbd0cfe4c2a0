// Draws each <figure> of a console: data-query over the chosen time as lines, one for each value of data-label.
"use strict";

const WIDTH = 480, HEIGHT = 180, LEFT = 72, BOTTOM = 18, POINTS = 120, REFRESH = 15000;
// Told apart by most eyes on light and dark: https://jfly.uni-koeln.de/color/
const COLOURS = ["#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#8c8c00", "#7f7f7f"];
const PREFIXES = [[1e9, "G"], [1e6, "M"], [1e3, "k"], [1, ""], [1e-3, "m"], [1e-6, "µ"]];
const minutes = document.getElementById("minutes");

function short(value, unit) {
  // A thousandth of a second is usual, that of anything else is a puzzle.
  const prefixes = unit === "s" ? PREFIXES : PREFIXES.slice(0, 4);
  const [size, prefix] = prefixes.find(([size]) => Math.abs(value) >= size) ?? [1, ""];
  return `${Number((value / size).toPrecision(3))} ${prefix}${unit}`;
}

function svg(name, attributes, text = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = text;
  return element;
}

function html(name, text, colour) {
  const element = document.createElement(name);
  element.textContent = text;
  if (colour) element.style.setProperty("--colour", colour);
  return element;
}

async function ask(query) {
  const end = Date.now() / 1000, start = end - 60 * minutes.value;
  const step = Math.max(5, (end - start) / POINTS);
  const answer = await fetch("/api/v1/query_range?" + new URLSearchParams({ query, start, end, step }));
  const body = await answer.json();
  if (body.status !== "success") throw new Error(body.error);
  const series = body.data.result.map(({ metric, values }) => ({
    metric, points: values.map(([time, value]) => [time, Number(value)]).filter(([, value]) => isFinite(value)),
  }));
  return { start, end, step, series: series.filter(({ points }) => points.length) };
}

// A line has a gap where there was no number.
function line(points, step, x, y) {
  let last = -Infinity;
  return points.map(([time, value]) => {
    const command = time - last > 2 * step ? "M" : "L";
    last = time;
    return `${command}${x(time).toFixed(1)},${y(value).toFixed(1)}h1`;
  }).join("");
}

function chart({ start, end, step, series }, unit) {
  const most = Math.max(...series.flatMap(({ points }) => points.map(([, value]) => value))) || 1;
  const x = (time) => LEFT + (time - start) / (end - start) * (WIDTH - LEFT - 4);
  const y = (value) => HEIGHT - BOTTOM - value / most * (HEIGHT - BOTTOM - 12);
  const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" });
  for (const part of [0, 0.5, 1]) {
    picture.append(svg("line", { x1: LEFT, x2: WIDTH, y1: y(part * most), y2: y(part * most) }));
    picture.append(svg("text", { x: LEFT - 4, y: y(part * most) + 4, "text-anchor": "end" }, short(part * most, unit)));
  }
  for (const [time, anchor] of [[start, "start"], [end, "end"]]) {
    const clock = new Date(time * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    picture.append(svg("text", { x: x(time), y: HEIGHT - 4, "text-anchor": anchor }, clock));
  }
  series.forEach(({ points }, index) =>
    picture.append(svg("path", { d: line(points, step, x, y), stroke: COLOURS[index % COLOURS.length] })));
  return picture;
}

function legend({ series }, label, unit) {
  const list = document.createElement("ul");
  series.forEach(({ metric, points }, index) => {
    const name = metric[label] ? `${metric[label]}: ` : "";
    list.append(html("li", name + short(points.at(-1)[1], unit), COLOURS[index % COLOURS.length]));
  });
  return list;
}

// data-state says what became of the panel; system-test/test_consoles.py reads it.
async function draw(figure) {
  const { title, query, unit, label } = figure.dataset;
  let state = "error", content;
  try {
    const data = await ask(query);
    state = data.series.length ? "data" : "empty";
    content = data.series.length ? [chart(data, unit), legend(data, label, unit)] : [html("p", "no data")];
  } catch (error) {
    content = [html("p", `Prometheus did not answer: ${error.message}`)];
  }
  figure.replaceChildren(html("figcaption", title), ...content);
  figure.dataset.state = state;
}

// One after the other: Prometheus has one core for them.
async function drawAll() {
  for (const figure of document.querySelectorAll("figure")) await draw(figure);
}

minutes.addEventListener("change", drawAll);
setInterval(drawAll, REFRESH);
drawAll();
