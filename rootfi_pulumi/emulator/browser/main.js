// Asks the emulator what changed, twice a second, and hands each part what concerns it.

import { ask, say } from "./api.js";
import { byId } from "./dom.js";
import * as faults from "./faults.js";
import * as log from "./log.js";
import * as settings from "./settings.js";
import * as tables from "./tables.js";

const PAUSE = 500; // milliseconds between two questions

const seen = { run: "", log: 0, version: 0 };
let timer = null;
let isAsking = false;
let isDue = false;
let lost = null; // since when the emulator has not answered

async function look() {
  if (isAsking) {
    isDue = true;
    return;
  }
  clearTimeout(timer);
  isAsking = true;
  isDue = false;
  try {
    await ask("GET", `live?${new URLSearchParams(seen)}`).then(show, disconnected);
  } finally {
    isAsking = false;
    if (isDue) look();
    else if (!document.hidden) timer = setTimeout(look, PAUSE);
  }
}

function show(news) {
  if (news.run !== seen.run) log.forget();
  Object.assign(seen, { run: news.run, log: news.log, version: news.version });
  log.show(news);
  faults.show(news.faults, news.held);
  settings.show(news.settings);
  if (news.state) tables.show(news.state);
  connected();
}

function connected() {
  if (lost) say("The emulator answers again.");
  lost = null;
  tell("good", "Live");
}

function disconnected() {
  lost ??= new Date();
  tell("bad", `Disconnected since ${lost.toTimeString().slice(0, 8)}`);
}

// A live region that is written again is read again.
function tell(kind, text) {
  const connection = byId("connection");
  if (connection.textContent === text) return;
  connection.className = `mark ${kind}`;
  connection.textContent = text;
  document.body.classList.toggle("disconnected", kind === "bad");
}

byId("address").textContent = location.origin;
for (const part of [log, faults, settings]) part.begin();
document.addEventListener("acted", look);
document.addEventListener("visibilitychange", () => document.hidden || look());
look();
