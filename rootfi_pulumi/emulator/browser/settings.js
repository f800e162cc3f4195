// The settings, the form that adds an organisation, and the reset.

import { act } from "./api.js";
import { byId } from "./dom.js";

let shown = "";

export function begin() {
  const form = byId("settings-form");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    act("PATCH", "settings", written(form), "Settings applied.");
  });
  form.elements.limited.addEventListener("change", () => enable(form));
  byId("organisation-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const fields = [...event.target.elements].filter((field) => field.name);
    const filled = fields.filter((field) => field.value).map((field) => [field.name, field.value]);
    if (await act("POST", "organisations", Object.fromEntries(filled), "Organisation added.")) event.target.reset();
    else (fields.find((field) => field.value) ?? fields[0]).focus();
  });
  const confirm = byId("confirm");
  byId("reset").addEventListener("click", () => {
    confirm.returnValue = "";
    confirm.showModal();
  });
  confirm.addEventListener("close", () => {
    if (confirm.returnValue === "reset") act("POST", "reset", undefined, "Emulator reset.");
  });
}

/** Fill in the form if the settings changed, so that polling does not overwrite what the user is editing. */
export function show(settings) {
  const current = JSON.stringify(settings);
  if (current === shown) return;
  shown = current;
  const form = byId("settings-form");
  form.elements.secrets.value = settings.secrets;
  form.elements.second_post.value = settings.second_post;
  const limit = settings.rate_limit ?? { requests: 100, seconds: 60, reset: "seconds", retry_after: null };
  form.elements.limited.checked = settings.rate_limit !== null;
  for (const name of ["requests", "seconds", "reset", "retry_after"]) {
    form.elements[name].value = limit[name] ?? "";
  }
  enable(form);
}

function written(form) {
  const { secrets, second_post, limited, requests, seconds, reset, retry_after } = form.elements;
  const limit = {
    requests: requests.value,
    seconds: seconds.value,
    reset: reset.value,
    retry_after: retry_after.value || null,
  };
  return {
    secrets: secrets.value,
    second_post: second_post.value,
    rate_limit: limited.checked ? limit : null,
  };
}

function enable(form) {
  for (const name of ["requests", "seconds", "reset", "retry_after"]) {
    form.elements[name].disabled = !form.elements.limited.checked;
  }
}
