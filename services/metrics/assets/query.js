// Draws the query in the address: /graph?g0.expr=QUERY, the form of the links in Prometheus' notifications.
"use strict";

const query = new URLSearchParams(location.search).get("g0.expr") ?? "up";
document.getElementById("query").value = query;
document.querySelector("figure").dataset.query = query;
