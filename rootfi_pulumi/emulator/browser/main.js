// Poll the emulator for changes twice a second, and pass them to the parts of the page.

import { ask } from "./api.js";
import * as connect from "./connect.js";
import { byId } from "./dom.js";
import * as faults from "./faults.js";
import * as log from "./log.js";
import * as notice from "./notice.js";
import * as settings from "./settings.js";
import * as tables from "./tables.js";

const PAUSE = 500; // milliseconds between two polls

const seen = { run: "", log: 0, version: 0 };
let timer = null;
let isAsking = false;
let isDue = false;
let lost = null; // when the emulator stopped responding

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
  connect.show(news);
  faults.show(news.faults, news.held);
  settings.show(news.settings);
  if (news.state) tables.show(news.state);
  connected();
}

function connected() {
  if (lost) notice.say("Reconnected to the emulator.");
  lost = null;
  showConnection("good", "Live");
}

function disconnected() {
  lost ??= new Date();
  showConnection("bad", `Disconnected since ${lost.toTimeString().slice(0, 8)}`);
}

// Skip an unchanged text, because screen readers announce a live region whenever it is written.
function showConnection(kind, text) {
  const connection = byId("connection");
  if (connection.textContent === text) return;
  connection.className = `mark ${kind}`;
  connection.textContent = text;
  document.body.classList.toggle("disconnected", kind === "bad");
}

byId("address").textContent = location.origin;
for (const part of [notice, log, faults, settings]) part.begin();
document.addEventListener("acted", look);
document.addEventListener("visibilitychange", () => document.hidden || look());
look();
