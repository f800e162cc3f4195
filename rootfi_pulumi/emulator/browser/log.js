// The log of requests, newest first. Only rows that changed are drawn again.

import { act } from "./api.js";
import { byId, counted, element, mark, time } from "./dom.js";
import { what } from "./words.js";

const rows = new Map(); // number -> {request, row}, oldest first
const waiting = new Map(); // number -> request, while the log is paused
let first = 1; // the number of the oldest request that is shown
let total = 0;
let isPaused = false;

export function begin() {
  byId("log-filter").addEventListener("input", sift);
  byId("log-outcome").addEventListener("change", sift);
  byId("log-pause").addEventListener("click", () => pause(!isPaused));
  byId("log-clear").addEventListener("click", async () => {
    if (await act("DELETE", "requests", undefined, "Log cleared.")) pause(false);
  });
}

/** Remove all rows, because another emulator is at this address. */
export function forget() {
  rows.clear();
  waiting.clear();
  byId("log").replaceChildren();
}

export function show(news) {
  ({ first, total } = news);
  for (const request of news.requests) waiting.set(request.number, request);
  drop(waiting);
  if (!isPaused) draw();
  count();
}

function draw() {
  for (const [number, request] of waiting) put(number, request);
  waiting.clear();
  for (const { row } of drop(rows)) row.remove();
  byId("log-empty").hidden = rows.size > 0;
}

function drop(kept) {
  const gone = [...kept].filter(([number]) => number < first);
  for (const [number] of gone) kept.delete(number);
  return gone.map(([, value]) => value);
}

function put(number, request) {
  const summary = element("summary", {}, ...columns(request));
  const known = rows.get(number);
  if (known) {
    known.request = request;
    known.row.querySelector("summary").replaceChildren(...summary.childNodes);
    known.row.hidden = !isWanted(request);
    return;
  }
  const row = element("li", {}, element("details", {}, summary));
  const entry = { request, row };
  // Drawn when it is first opened, because most rows never are. Its content does not change.
  row.firstChild.addEventListener("toggle", () => detail(entry), { once: true });
  row.hidden = !isWanted(request);
  rows.set(number, entry);
  byId("log").prepend(row);
}

function columns(request) {
  const tags = [];
  if (request.fault) tags.push(element("span", { class: "tag" }, what(request.fault)));
  if (request.is_limited) tags.push(element("span", { class: "tag" }, "rate limit reached"));
  return [
    time(request.arrived_at),
    element("b", { class: "method" }, request.method),
    element("span", { class: "path" }, request.path),
    element("span", { class: "tags" }, ...tags),
    element("span", { class: "outcome" }, mark(...outcome(request))),
    element("span", { class: "took" }, request.seconds === null ? "" : duration(request.seconds)),
  ];
}

function outcome(request) {
  if (request.is_held) return ["held", "held"];
  if (request.seconds === null) return ["busy", "in progress"];
  if (request.status === null) return ["bad", "no answer"];
  const kind = request.status < 400 ? "good" : request.status < 500 ? "refused" : "bad";
  return [kind, String(request.status)];
}

const duration = (seconds) =>
  seconds < 1 ? `${Math.max(1, Math.round(seconds * 1000))} ms` : `${seconds.toFixed(1)} s`;

function detail({ request, row }) {
  const pairs = [
    ["Request", `number ${request.number}, ${request.arrived_at}`],
    ["Organisation", request.organisation_id === null ? "none: the key is missing or unknown" : request.organisation_id],
    ["Headers", Object.entries(request.headers).map((pair) => pair.join(": ")).join("\n")],
    ["Body", request.body === null ? "none" : JSON.stringify(request.body, null, 2)],
  ];
  if (request.fault) pairs.push(["Fault", JSON.stringify(request.fault, null, 2)]);
  const list = element(
    "dl",
    {},
    ...pairs.flatMap(([term, text]) => [element("dt", {}, term), element("dd", {}, String(text))]),
  );
  row.firstChild.append(list);
}

function isWanted(request) {
  const [kind, text] = outcome(request);
  const wanted = {
    all: true,
    good: kind === "good",
    bad: kind === "bad" || kind === "refused",
    fault: request.fault !== null || request.is_limited,
    open: kind === "held" || kind === "busy",
  }[byId("log-outcome").value];
  const fault = request.fault ? what(request.fault) : "";
  const words = `${request.method} ${request.path} ${text} ${fault}`.toLowerCase();
  return wanted && byId("log-filter").value.toLowerCase().split(/\s+/).every((word) => words.includes(word));
}

function sift() {
  for (const { request, row } of rows.values()) row.hidden = !isWanted(request);
  count();
}

function pause(wanted) {
  isPaused = wanted;
  byId("log-pause").textContent = isPaused ? "Follow" : "Pause";
  if (!isPaused) draw();
  count();
}

function count() {
  const shown = [...rows.values()].filter(({ row }) => !row.hidden).length;
  const parts = [total ? counted(total, "request") : ""];
  if (shown < total) parts.push(`${shown.toLocaleString("en")} shown`);
  if (isPaused) parts.push(`paused, ${waiting.size} new`);
  byId("log-count").textContent = parts.filter(Boolean).join(", ");
}
