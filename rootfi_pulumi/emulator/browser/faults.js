// The faults: presets, the form for any other, and the list of waiting ones.

import { act } from "./api.js";
import { byId, counted, element } from "./dom.js";
import { what, whom } from "./words.js";

const inject = (fault) => act("POST", "faults", fault, `Waiting: ${whom(fault)}: ${what(fault)}.`);

export function begin() {
  for (const button of document.querySelectorAll("[data-fault]")) {
    button.addEventListener("click", () => inject(JSON.parse(button.dataset.fault)));
  }
  byId("fault-form").addEventListener("submit", (event) => {
    event.preventDefault();
    inject(written(event.target));
  });
  byId("faults-clear").addEventListener("click", () => act("DELETE", "faults", undefined, "Faults cleared."));
  byId("release").addEventListener("click", () =>
    act("POST", "release", undefined, "Held requests released."),
  );
}

export function show(faults, held) {
  byId("waiting").replaceChildren(
    ...faults.map((fault) =>
      element("li", {}, element("b", {}, whom(fault)), element("span", {}, what(fault))),
    ),
  );
  byId("faults-empty").hidden = faults.length > 0;
  byId("faults-count").textContent = faults.length ? `${faults.length} waiting` : "";
  byId("faults-clear").disabled = faults.length === 0;
  byId("release").disabled = held === 0;
  byId("release").textContent = held ? `Release ${counted(held, "held request")}` : "Release held requests";
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
