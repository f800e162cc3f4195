// The filter of the log: words, the outcome of requests, their organisation.

import { byId, element } from "./dom.js";
import { outcome, searched } from "./line.js";

const FIELDS = ["log-filter", "log-outcome", "log-organisation"];
const DEFAULTS = ["", "all", "all"];
const UNKNOWN = "none"; // the value for requests without a known key

let changed = null;

/** Call `whenChanged` whenever the filter changes. */
export function begin(whenChanged) {
  changed = whenChanged;
  for (const id of FIELDS) byId(id).addEventListener("input", changed);
  byId("log-filter-clear").addEventListener("click", () => {
    clear();
    byId("log-filter").focus();
  });
}

/** Show all requests again. */
export function clear() {
  FIELDS.forEach((id, index) => {
    byId(id).value = DEFAULTS[index];
  });
  changed();
}

/** Offer these organisations to choose from, if there is a choice. */
export function offer(organisations) {
  const select = byId("log-organisation");
  const before = select.value;
  const options = [
    ["all", "all"],
    ...organisations.map(({ id, name }) => [String(id), name]),
    [UNKNOWN, "none: no known key"],
  ];
  select.replaceChildren(...options.map(([value, text]) => element("option", { value }, text)));
  select.value = options.some(([value]) => value === before) ? before : "all";
  byId("log-organisation-label").hidden = organisations.length < 2 && select.value === "all";
  changed();
}

/** Return whether the filter lets a request pass. */
export function isWanted(request) {
  const [words, kind, organisation] = FIELDS.map((id) => byId(id).value);
  return (
    hasOutcome(request, kind) &&
    (organisation === "all" || organisation === String(request.organisation_id ?? UNKNOWN)) &&
    hasWords(searched(request), words)
  );
}

const hasWords = (text, words) => words.toLowerCase().split(/\s+/).every((word) => text.includes(word));

function hasOutcome(request, wanted) {
  const [kind] = outcome(request);
  return {
    all: true,
    good: kind === "good",
    bad: kind === "bad" || kind === "refused",
    fault: request.fault !== null || request.is_limited,
    open: kind === "held" || kind === "busy",
  }[wanted];
}
