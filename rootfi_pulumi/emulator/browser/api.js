// Requests to the control routes, and the line that says what became of them.

import { byId } from "./dom.js";

const PATIENCE = 5000; // milliseconds

/** Ask a control route; returns its JSON, or null if it answers none. Throws an Error of one line. */
export async function ask(method, path, body) {
  const options = { method, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) };
  if (body !== undefined) {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(`/_emulator/${path}`, options);
  } catch {
    throw new Error("the emulator does not answer: is it running?");
  }
  if (answer.status === 204) return null;
  const content = await answer.json().catch(() => {
    throw new Error(`status ${answer.status}, and no JSON: something else is at this address`);
  });
  if (!answer.ok) throw new Error(content.error?.message ?? `status ${answer.status}`);
  return content;
}

/** Say in one line what happened. */
export function say(text, kind = "good") {
  const said = byId("said");
  said.className = `mark ${kind}`;
  said.textContent = text;
}

/** Ask a control route because of a button; says `done`, or why it failed. Returns whether it succeeded. */
export async function act(method, path, body, done) {
  let failure = null;
  await ask(method, path, body).catch((error) => {
    failure = error;
  });
  if (failure) say(`Not done: ${failure.message}`, "bad");
  else say(done);
  document.dispatchEvent(new Event("acted"));
  return failure === null;
}
