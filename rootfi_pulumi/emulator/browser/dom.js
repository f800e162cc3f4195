// Build elements from untrusted text, which is inserted as text, never as markup.

export const byId = (id) => document.getElementById(id);

/** Create an element with attributes and children, which are elements or text; null is skipped. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** Create an element for text that others wrote: its direction and overrides do not reach what surrounds it. */
export const foreign = (text) => element("bdi", {}, text);

// Characters that reorder the text around them.
const REORDERING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Return a value as JSON, in which characters that reorder text are escapes. */
export const json = (value, indent) =>
  JSON.stringify(value, null, indent).replace(REORDERING, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** Create a label with a coloured shape; `kind` is good, refused, bad, busy or held. */
export const mark = (kind, text) => element("span", { class: `mark ${kind}` }, text);

/** Create a time element: local time as its text, the full timestamp as its attribute. */
export function time(iso, { date = false } = {}) {
  const at = new Date(iso);
  const two = (number) => String(number).padStart(2, "0");
  const clock = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(":");
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
  return element("time", { datetime: iso }, date ? `${day} ${clock}` : clock);
}

export const counted = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
