// The line of a request in the log: what it was, what happened and how it ended.

import { element, foreign, mark, time } from "./dom.js";
import { what } from "./words.js";

/** Return the cells of a request's line. */
export function cells(request) {
  return [
    time(request.arrived_at),
    element("b", { class: "method" }, request.method),
    element(
      "span",
      { class: "what" },
      element("span", { class: "path" }, request.path),
      element("span", { class: "event" }, ...event(request.event.line)),
      tags(request),
    ),
    element("span", { class: "outcome" }, mark(...outcome(request))),
    element("span", { class: "took" }, request.seconds === null ? "" : duration(request.seconds)),
  ];
}

/** Return how a request ended: the kind of its mark (see `mark`), and a word. */
export function outcome(request) {
  if (request.is_held) return ["held", "held"];
  if (request.seconds === null) return ["busy", "in progress"];
  if (request.status === null) return ["bad", "no response"];
  const kind = request.status < 400 ? "good" : request.status < 500 ? "refused" : "bad";
  return [kind, String(request.status)];
}

/** Return the text that the filter searches, in lower case. */
export function searched(request) {
  const fault = request.fault ? what(request.fault) : "";
  const [, word] = outcome(request);
  const { method, path, event, organisation_name: organisation } = request;
  return [method, path, event.line, organisation, word, fault].filter(Boolean).join(" ").toLowerCase();
}

// Isolate each part, because others wrote most of them. The odd ones are the separators.
function event(line) {
  return line.split(/( [·→] )/).map((part, index) => (index % 2 ? part : foreign(part)));
}

function tags({ fault, is_limited: isLimited }) {
  const texts = [fault && what(fault), isLimited && "rate limit reached"].filter(Boolean);
  if (texts.length === 0) return null;
  return element("span", { class: "tags" }, ...texts.map((text) => element("span", { class: "tag" }, text)));
}

const duration = (seconds) =>
  seconds < 1 ? `${Math.max(1, Math.round(seconds * 1000))} ms` : `${seconds.toFixed(1)} s`;
