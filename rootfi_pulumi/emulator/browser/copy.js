// Copy text, with the browser's permission or without it.

import { element } from "./dom.js";
import { say } from "./notice.js";

/** Create a button that copies what `text` returns; `name` says what that is. */
export function copyButton(label, name, text) {
  const button = element("button", { type: "button", class: "copy" }, label);
  if (label === "Copy") button.setAttribute("aria-label", `Copy ${name}`);
  button.addEventListener("click", () => copy(text(), name, button));
  return button;
}

async function copy(text, name, button) {
  const isCopied = await navigator.clipboard?.writeText(text).then(() => true, () => false);
  if (isCopied || copySelected(text, button)) say(`Copied ${name}.`);
  else offer(text, name, button);
}

// The older way needs no permission. It copies the selection, so put the text on the page for a moment.
function copySelected(text, button) {
  const area = selected(text, "Copied text", button);
  const isCopied = document.execCommand("copy");
  area.remove();
  button.focus();
  return isCopied;
}

function offer(text, name, button) {
  const area = selected(text, `Selected: ${name}`, button);
  area.addEventListener("blur", () => area.remove());
  say("The browser refused to copy. Press Ctrl+C, or Cmd+C, to copy the selected text.", "refused");
}

function selected(text, name, button) {
  const area = element("textarea", { readonly: "", rows: "4", class: "selected", "aria-label": name }, text);
  button.after(area);
  area.select();
  return area;
}
