// The status line: one message at a time. It fades, unless it reports a failure.

import { byId } from "./dom.js";

const SHOWN = 8000; // milliseconds
const FADING = 400; // milliseconds, as in parts.css

let timer = null;

export function begin() {
  byId("dismiss").addEventListener("click", clear);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) clear();
  });
}

/** Show one line; `kind` is good, refused or bad, and a bad one stays until it is dismissed. */
export function say(text, kind = "good") {
  clearTimeout(timer);
  const said = byId("said");
  byId("notice").classList.remove("fading");
  said.className = `mark ${kind}`;
  said.textContent = text;
  if (kind !== "bad") timer = setTimeout(fade, SHOWN);
}

// Stay while the mouse is on it or the focus in it.
function fade() {
  const notice = byId("notice");
  if (notice.matches(":hover, :focus-within")) {
    timer = setTimeout(fade, SHOWN);
    return;
  }
  notice.classList.add("fading");
  timer = setTimeout(clear, FADING);
}

function clear() {
  clearTimeout(timer);
  byId("notice").classList.remove("fading");
  byId("said").textContent = "";
}
