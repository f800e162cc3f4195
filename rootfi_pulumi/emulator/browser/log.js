// The log of requests, newest first. Only rows that changed are drawn again.

import { act } from "./api.js";
import { detail, update } from "./detail.js";
import { byId, counted, element } from "./dom.js";
import * as filter from "./filter.js";
import { cells } from "./line.js";

const rows = new Map(); // number -> {request, row, opened}, oldest first
const waiting = new Map(); // number -> request, while the log is paused
let first = 1; // the number of the oldest request that is shown
let total = 0;
let isPaused = false;
let base = ""; // the emulator's address

export function begin() {
  filter.begin(sift);
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
  ({ first, total, base_url: base } = news);
  for (const request of news.requests) waiting.set(request.number, request);
  drop(waiting);
  if (!isPaused) draw();
  if (news.state) filter.offer(news.state.organisations);
  count();
}

function draw() {
  for (const [number, request] of waiting) put(number, request);
  waiting.clear();
  for (const { row } of drop(rows)) row.remove();
}

function drop(kept) {
  const gone = [...kept].filter(([number]) => number < first);
  for (const [number] of gone) kept.delete(number);
  return gone.map(([, value]) => value);
}

function put(number, request) {
  const known = rows.get(number);
  if (known) {
    known.request = request;
    known.row.querySelector("summary").replaceChildren(...cells(request));
    if (known.opened) update(known.opened, request);
    known.row.hidden = !filter.isWanted(request);
    return;
  }
  const row = element("li", {}, element("details", {}, element("summary", {}, ...cells(request))));
  const entry = { request, row, opened: null };
  // Drawn when it is first opened, because most rows never are.
  row.firstChild.addEventListener("toggle", () => open(entry), { once: true });
  row.hidden = !filter.isWanted(request);
  rows.set(number, entry);
  byId("log").prepend(row);
}

function open(entry) {
  entry.opened = detail(entry.request, base);
  entry.row.firstChild.append(entry.opened);
}

function sift() {
  for (const { request, row } of rows.values()) row.hidden = !filter.isWanted(request);
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
  byId("log-empty").hidden = rows.size > 0 || total > 0;
  byId("log-none").hidden = rows.size === 0 || shown > 0;
}
