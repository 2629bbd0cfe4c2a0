// Lists the alerts, the firing ones first, each with its labels and with what to do.
"use strict";

// Always fires, so that its silence is heard elsewhere.
const WATCHDOG = "Watchdog";
const ORDER = ["firing", "pending", "inactive"], REFRESH = 15000;

function cell(name, text, className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}

// The name and the severity are columns of their own.
function labelsOf({ labels }) {
  const { alertname, severity, ...others } = labels;
  return Object.entries(others).map(([key, value]) => `${key}="${value}"`).join(" ");
}

// A rule that is quiet has one row, otherwise each of its alerts has one.
function rows({ name, state, labels, annotations, alerts }) {
  const found = alerts.length ? alerts : [{ state, labels, annotations }];
  return found.map((alert) => ({ name, ...alert, severity: labels.severity }));
}

// The text of a quiet rule still has Prometheus' placeholders: {{ $labels.job }} becomes JOB.
function plain(text) {
  return text.replace(/{{ *\$labels\.(\w+) *}}/g, (_, label) => label.toUpperCase());
}

function row({ name, state, severity, labels, annotations, activeAt }) {
  const made = document.createElement("tr");
  const since = activeAt ? new Date(activeAt).toLocaleString("en-GB") : "";
  made.append(cell("td", state, severity === "none" ? "" : state), cell("th", name), cell("td", severity), cell("td", labelsOf({ labels })),
    cell("td", since), cell("td", plain(`${annotations.summary} ${annotations.action}`)));
  return made;
}

async function list() {
  const table = document.getElementById("alerts"), note = document.getElementById("note");
  try {
    const { data } = await (await fetch("/api/v1/rules?type=alert")).json();
    const found = data.groups.flatMap(({ rules }) => rules.flatMap(rows));
    const rank = ({ name, state }) => (name === WATCHDOG ? ORDER.length : ORDER.indexOf(state));
    found.sort((one, other) => rank(one) - rank(other));
    table.tBodies[0].replaceChildren(...found.map(row));
    const firing = found.filter(({ name, state }) => state === "firing" && name !== WATCHDOG).length;
    note.textContent = firing ? `${firing} firing` : "Nothing is wrong: Watchdog always fires.";
    table.dataset.state = "data";
  } catch (error) {
    note.textContent = `Prometheus did not answer: ${error.message}`;
  }
}

setInterval(list, REFRESH);
list();
