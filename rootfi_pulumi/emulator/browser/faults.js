// The faults: presets, the form for any other, and the list of waiting ones.

import { act } from "./api.js";
import { byId, counted, element } from "./dom.js";
import { say } from "./notice.js";
import { what, whom } from "./words.js";

const rows = new Map(); // id -> {row, text} of a waiting fault, in the order in which they are matched

const inject = (fault) => act("POST", "faults", fault, `Waiting: ${whom(fault)}: ${what(fault)}.`);

export function begin() {
  for (const button of document.querySelectorAll("[data-fault]")) preset(button);
  const form = byId("fault-form");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(form);
  });
  form.addEventListener("input", (event) => accept(event.target));
  form.addEventListener("reset", () => [...form.elements].forEach(accept));
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

// Inject what the form says, or show at the first wrong field what is wrong with it.
function submit(form) {
  [...form.elements].forEach(accept);
  const fault = {};
  // Only the fields that are filled in, because the emulator rejects members without effect.
  for (const field of form.elements) {
    if (field.type === "checkbox" ? !field.checked : !field.name || !field.value) continue;
    try {
      fault[field.name] = field.type === "checkbox" ? true : value(field);
    } catch (error) {
      refuse(field, error.message);
      return;
    }
  }
  if (fault.endless) fault.times = null;
  delete fault.endless;
  inject(fault);
}

function refuse(field, why) {
  field.setAttribute("aria-invalid", "true");
  // Inside the label, so that it is read with the field's name.
  field.closest("label").append(element("small", { class: "mark bad" }, why));
  field.focus();
  say(`Failed: cannot inject the fault: ${field.name}: ${why}`, "bad");
}

function accept(field) {
  if (!field.hasAttribute("aria-invalid")) return;
  field.removeAttribute("aria-invalid");
  field.closest("label").querySelector("small").remove();
}

// Return the value of a field that is filled in. Throws an Error that says what is wrong with it.
function value(field) {
  switch (field.dataset.as) {
    case "number":
      return number(field.value.trim(), field.inputMode === "numeric");
    case "headers":
      return headers(field.value.split("\n"));
    case "raw":
      return field.value.replaceAll("\n", "\r\n");
    default:
      return field.value;
  }
}

// JSON has no Infinity and sends it as null, which means "any"; a larger integer would become another one.
function number(text, isWhole) {
  const wanted = isWhole ? "a whole number in digits, such as 3" : "a number in digits, such as 0.5";
  if (!(isWhole ? /^\d+$/ : /^(\d+(\.\d*)?|\.\d+)$/).test(text)) throw new Error(`write ${wanted}`);
  if (Number(text) > Number.MAX_SAFE_INTEGER) throw new Error(`write at most ${Number.MAX_SAFE_INTEGER}`);
  return Number(text);
}

function headers(lines) {
  const pairs = new Map();
  const known = new Set();
  for (const [index, line] of lines.entries()) {
    if (!line.trim()) continue;
    const [name, ...rest] = line.split(":");
    if (!rest.length) throw new Error(`line ${index + 1} has no colon: write a header as Name: value`);
    const key = name.trim().toLowerCase();
    if (known.has(key)) throw new Error(`line ${index + 1} repeats a header: join its values with a comma`);
    known.add(key);
    pairs.set(name.trim(), rest.join(":").trim());
  }
  return Object.fromEntries(pairs);
}
