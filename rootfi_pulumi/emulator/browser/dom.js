// Elements from untrusted text: it goes in as text, never as markup.

export const byId = (id) => document.getElementById(id);

/** Make an element; `attributes` are set as they are, children are elements or text, null is left out. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** A word with a shape before it: `kind` is good, refused, bad, busy or held. */
export const mark = (kind, text) => element("span", { class: `mark ${kind}` }, text);

/** A point in time as the clock of this machine shows it; the whole of it is in the element. */
export function time(iso, { date = false } = {}) {
  const at = new Date(iso);
  const two = (number) => String(number).padStart(2, "0");
  const clock = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(":");
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
  return element("time", { datetime: iso }, date ? `${day} ${clock}` : clock);
}

export const counted = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
