// Write requests as curl commands for a POSIX shell. Keys and secrets are not in them.

import { json } from "./dom.js";

const MASKED = "***";
const KEY = "api_key";
const REPEATED = ["accept", "content-type"]; // curl sets every other header itself

/** Return the command that sends a request of the log again. */
export function curl(base, request) {
  const words = [
    ["curl", ...(request.method === "HEAD" ? ["--head"] : ["-X", quoted(request.method)])],
    [...(request.path.includes("/.") ? ["--path-as-is"] : []), quoted(base + address(request))],
    ...Object.entries(request.headers).map(header),
    ...content(request),
  ];
  return words.filter((line) => line.length).map((line) => line.join(" ")).join(" \\\n  ");
}

/** Return the command that creates a first integration. */
export function firstCurl(base, key) {
  const body = { integration_type: "XERO", client_id: "my-app", client_secret: "my-secret" };
  const sender = key === null ? '"api_key: $ROOTFI_API_KEY"' : quoted(`api_key: ${key}`);
  return [
    `curl ${quoted(`${base}/integrations`)}`,
    `-H ${sender}`,
    "-H 'content-type: application/json'",
    `--data-raw ${quoted(JSON.stringify(body))}`,
  ].join(" \\\n  ");
}

/** Quote a word for a POSIX shell, unless it needs no quotes. */
export function quoted(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

// The emulator reports the decoded path: encode it again, "?" and "#" too, which encodeURI leaves.
function address({ path, query }) {
  const encoded = encodeURI(path.toWellFormed()).replaceAll("?", "%3F").replaceAll("#", "%23");
  return query ? `${encoded}?${query}` : encoded;
}

function header([name, value]) {
  if (name === KEY) return ["-H", '"api_key: $ROOTFI_API_KEY"'];
  if (!REPEATED.includes(name) || value === "*/*") return [];
  return ["-H", quoted(`${name}: ${value}`)];
}

function content({ body, headers }) {
  if (body === null) return [];
  const data = ["--data-raw", quoted(body === MASKED ? "<body>" : json(filled(body)))];
  // Without this, curl says that a body is a form.
  return headers["content-type"] === undefined ? [["-H", "'content-type:'"], data] : [data];
}

// Name what is masked, so that the reader sees what to fill in.
function filled(body) {
  if (body === null || typeof body !== "object" || Array.isArray(body)) return body;
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, value === MASKED ? `<${name}>` : value]),
  );
}
