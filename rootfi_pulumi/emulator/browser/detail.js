// An opened request: what was sent and what came back, side by side.

import { copyButton } from "./copy.js";
import { curl } from "./curl.js";
import { element, foreign, json, mark } from "./dom.js";
import { what } from "./words.js";

const RECEIVED = {
  all: ["good", "all of it"],
  part: ["bad", "part of it: the client left"],
  nothing: ["bad", "nothing"],
  raw: ["bad", "raw bytes in place of HTTP"],
};

/** Create what an opened row shows below its line. */
export function detail(request, base) {
  const actions = element(
    "div",
    { class: "tools" },
    copyButton("Copy as curl", "the curl command", () => curl(base, request)),
  );
  const line = element("p", { class: "facts" }, ...facts(request));
  return element("div", { class: "detail" }, line, panes(request), actions);
}

/** Show a request's new state in what `detail` created; leave its buttons, which may have the focus. */
export function update(shown, request) {
  shown.querySelector(".panes").replaceWith(panes(request));
}

function facts({ number, arrived_at: at, organisation_id: id, organisation_name: name }) {
  const organisation = id === null ? ["no organisation: the key is missing or unknown"] : named(id, name);
  return [`Request ${number} · ${at} · `, ...organisation];
}

const named = (id, name) =>
  name === `org ${id}` ? [`organisation ${id}`] : ["organisation ", foreign(name), ` (${id})`];

function panes(request) {
  return element("div", { class: "panes" }, sent(request), received(request));
}

function sent(request) {
  const query = request.query ? `?${request.query}` : "";
  return pane("Request", [
    element("p", { class: "start" }, `${request.method} `, foreign(request.path), query),
    ...message(request.headers, request.body),
  ]);
}

function received(request) {
  const { response, fault } = request;
  const parts = [];
  if (request.received) {
    parts.push(element("p", {}, "The client received: ", mark(...RECEIVED[request.received])));
  }
  if (fault) parts.push(element("p", {}, "Fault: ", element("span", { class: "tag" }, what(fault))));
  if (response) {
    const start = response.status === null ? "not HTTP" : `HTTP ${response.status}`;
    parts.push(element("p", { class: "start" }, start));
    parts.push(...message(response.headers, response.body, response.bytes));
  } else {
    parts.push(element("p", { class: "empty" }, request.seconds === null ? "None yet." : "None was made."));
  }
  return pane(response && request.received === "nothing" ? "Response, lost" : "Response", parts);
}

function pane(title, parts) {
  return element("div", { class: "pane" }, element("h3", {}, title), ...parts);
}

function message(headers, body, bytes = null) {
  const lines = Object.entries(headers).map((pair) => pair.join(": "));
  return [
    lines.length ? element("pre", { class: "headers" }, lines.join("\n")) : null,
    element("pre", { class: "body" }, body === null ? "no body" : written(body)),
    bytes === null ? null : element("p", { class: "empty" }, `${bytes.toLocaleString("en")} bytes`),
  ];
}

const written = (body) => (typeof body === "string" ? body : json(body, 2));
