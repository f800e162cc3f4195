// How to connect a client, for an emulator that has had no request yet.

import { copyButton } from "./copy.js";
import { firstCurl, quoted } from "./curl.js";
import { byId, element, foreign } from "./dom.js";

let shown = "";

/** Show how to connect; drawn again only if the address or the key changed. */
export function show({ base_url: base, connect }) {
  const current = JSON.stringify([base, connect]);
  if (current === shown) return;
  shown = current;
  const key = connect?.made_up_key ?? null;
  const asks = key === null ? ["The second one asks for the key."] : [];
  byId("connect").replaceChildren(
    step("Address", "the address", base),
    keyStep(connect),
    step("Pulumi", "the Pulumi commands", pulumi(base, key), ...asks),
    step("A first request", "the curl command", firstCurl(base, key), "It creates an integration."),
  );
}

function pulumi(base, key) {
  const setKey = "pulumi config set --secret rootfi:apiKey";
  return `pulumi config set rootfi:baseUrl ${quoted(base)}\n${key === null ? setKey : `${setKey} ${key}`}`;
}

function keyStep(connect) {
  if (connect === null) {
    return section("API key", note("None: add an organisation first, because every request gets a 401."));
  }
  const { made_up_key: key, organisation_name: name } = connect;
  if (key !== null) return step("API key", "the API key", key, "The emulator made it up, for ", foreign(name), ".");
  const before = "The key that you gave to the emulator for ";
  return section("API key", note(before, foreign(name), ". The page does not show it."));
}

function step(title, name, text, ...words) {
  const button = copyButton("Copy", name, () => text);
  const code = element("div", { class: "copied" }, element("pre", {}, text), button);
  return section(title, words.length ? note(...words) : null, code);
}

const section = (title, ...parts) => element("div", { class: "step" }, element("h3", {}, title), ...parts);
const note = (...words) => element("p", { class: "empty" }, ...words);
