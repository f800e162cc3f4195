// Describe faults in words.

const METHODS = { create: "POST", read: "GET", update: "PUT" };

/** Return which requests a fault meets, such as "POST · XERO · the next 2". */
export function whom(fault) {
  const parts = [METHODS[fault.operation] ?? "any request"];
  if (fault.integration_type) parts.push(fault.integration_type);
  if (fault.integration_id != null) parts.push(`id ${fault.integration_id}`);
  if (fault.skip) parts.push(`after ${fault.skip} more`);
  if (fault.times === null) parts.push("until cleared");
  else if (fault.times > 1) parts.push(`the next ${fault.times}`);
  return parts.join(" · ");
}

/** Return what a fault does, such as "429 · Retry-After: 2". */
export function what(fault) {
  const parts = [];
  if (fault.delay) parts.push(`${fault.delay} s before processing`);
  if (fault.hold) parts.push("held");
  if (fault.hang_up === "before") parts.push("cut off before processing");
  if (fault.hang_up === "after") parts.push("processed, answer lost");
  if (fault.processed) parts.push("processed");
  if (fault.delay_after) parts.push(`answered ${fault.delay_after} s late`);
  if (fault.status != null) parts.push(`answers ${fault.status}`);
  if (fault.shape && fault.shape !== "v3") parts.push(`as ${fault.shape}`);
  if (fault.message) parts.push("custom message");
  if (fault.echo) parts.push("quotes the secret");
  if (fault.body) parts.push("custom body");
  if (fault.content_type) parts.push(fault.content_type);
  if (fault.raw) parts.push("raw bytes");
  for (const [name, value] of Object.entries(fault.headers ?? {})) parts.push(`${name}: ${value}`);
  if (fault.trickle) parts.push(`${fault.trickle} s a byte`);
  return parts.join(" · ") || "nothing";
}
