// The faults: presets, the form for any other, and the list of waiting ones.

import { act } from "./api.js";
import { byId, counted, element } from "./dom.js";
import { what, whom } from "./words.js";

const rows = new Map(); // id -> {row, text} of a waiting fault, in the order in which they are matched

const inject = (fault) => act("POST", "faults", fault, `Waiting: ${whom(fault)}: ${what(fault)}.`);

export function begin() {
  for (const button of document.querySelectorAll("[data-fault]")) preset(button);
  byId("fault-form").addEventListener("submit", (event) => {
    event.preventDefault();
    inject(written(event.target));
  });
  byId("faults-clear").addEventListener("click", () => act("DELETE", "faults", undefined, "All faults removed."));
  byId("release").addEventListener("click", () =>
    act("POST", "release", undefined, "Held requests released."),
  );
}

export function show(faults, held) {
  draw(faults);
  byId("faults-empty").hidden = faults.length > 0;
  byId("faults-count").textContent = faults.length ? `${faults.length} waiting` : "";
  byId("faults-clear").disabled = faults.length === 0;
  byId("release").disabled = held === 0;
  byId("release").textContent = held ? `Release ${counted(held, "held request")}` : "Release held requests";
}

function preset(button) {
  const fault = JSON.parse(button.dataset.fault);
  const { note } = button.dataset;
  button.replaceChildren(
    element("b", {}, whom(fault)),
    ` ${what(fault)}`,
    ...(note ? [" ", element("small", {}, `(${note})`)] : []),
  );
  button.addEventListener("click", () => inject(fault));
}

// Keep the rows that did not change, because one of their buttons may have the focus.
function draw(faults) {
  const waiting = new Set(faults.map((fault) => fault.id));
  for (const [id, { row }] of rows) {
    if (waiting.has(id)) continue;
    leave(row);
    row.remove();
    rows.delete(id);
  }
  for (const fault of faults) {
    const text = `${whom(fault)}: ${what(fault)}`;
    const known = rows.get(fault.id);
    if (known?.text === text) continue;
    const row = waitingRow(fault, text);
    const hadFocus = known?.row.contains(document.activeElement);
    if (known) known.row.replaceWith(row);
    else byId("waiting").append(row);
    if (hadFocus) row.querySelector("button").focus();
    rows.set(fault.id, { row, text });
  }
}

function waitingRow(fault, text) {
  const button = element("button", { type: "button", "aria-label": `Remove ${text}` }, "Remove");
  button.addEventListener("click", () => act("DELETE", `faults/${fault.id}`, undefined, `Removed: ${text}.`));
  return element("li", {}, element("b", {}, whom(fault)), element("span", {}, what(fault)), button);
}

// Move the focus from a row that goes away to a neighbour, so that the keyboard does not start over.
function leave(row) {
  if (!row.contains(document.activeElement)) return;
  const neighbour = row.nextElementSibling ?? row.previousElementSibling;
  (neighbour?.querySelector("button") ?? byId("waiting-title")).focus();
}

// Send only the fields that are filled in, because the emulator rejects members without effect.
function written(form) {
  const fault = {};
  for (const field of form.elements) {
    if (field.type === "checkbox" ? field.checked : field.name && field.value) {
      fault[field.name] = field.type === "checkbox" ? true : value(field);
    }
  }
  if (fault.endless) fault.times = null;
  delete fault.endless;
  return fault;
}

function value(field) {
  switch (field.dataset.as) {
    case "number": // send anything else as text, so that the emulator reports it
      return Number.isNaN(Number(field.value)) ? field.value : Number(field.value);
    case "headers":
      return Object.fromEntries(field.value.split("\n").filter(Boolean).map(header));
    case "raw":
      return field.value.replaceAll("\n", "\r\n");
    default:
      return field.value;
  }
}

function header(line) {
  const [name, ...rest] = line.split(":");
  return [name.trim(), rest.join(":").trim()];
}
