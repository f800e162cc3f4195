// Send requests to the control routes, and show their result in the status line.

import { say } from "./notice.js";

const TIMEOUT = 5000; // milliseconds

/** Call a control route; return its JSON, or null for a 204. Throws an Error with a one-line message. */
export async function ask(method, path, body) {
  const options = { method, cache: "no-store", signal: AbortSignal.timeout(TIMEOUT) };
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
    throw new Error(`status ${answer.status} without JSON: another server is at this address`);
  });
  if (!answer.ok) throw new Error(content.error?.message ?? `status ${answer.status}`);
  return content;
}

/** Call a control route for a button; show `done`, or why it failed. Returns whether it succeeded. */
export async function act(method, path, body, done) {
  let failure = null;
  await ask(method, path, body).catch((error) => {
    failure = error;
  });
  if (failure) say(`Failed: ${failure.message}`, "bad");
  else say(done);
  document.dispatchEvent(new Event("acted"));
  return failure === null;
}
