// Describe faults in the words of the form and of `Fault`: the presets, the waiting faults and the log use these.

const METHODS = { create: "POST", read: "GET", update: "PUT" };

/** Return which requests a fault meets, such as "Next 2 POSTs · XERO · skip 1". */
export function whom(fault) {
  const noun = METHODS[fault.operation] ?? "request";
  const times = fault.times === undefined ? 1 : fault.times;
  const parts = [times === null ? `Every ${noun}` : times === 1 ? `Next ${noun}` : `Next ${times} ${noun}s`];
  if (fault.integration_type) parts.push(fault.integration_type);
  if (fault.integration_id != null) parts.push(`id ${fault.integration_id}`);
  if (fault.skip) parts.push(`skip ${fault.skip}`);
  if (times === null) parts.push("until removed");
  return parts.join(" · ");
}

/** Return what a fault does, such as "status 429 · Retry-After: 2". */
export function what(fault) {
  const parts = [];
  if (fault.delay) parts.push(`delay ${fault.delay} s`);
  if (fault.hold) parts.push("hold until released");
  if (fault.hang_up) parts.push(`hang up ${fault.hang_up} processing`);
  if (fault.delay_after) parts.push(`delay ${fault.delay_after} s after processing`);
  if (fault.status != null) parts.push(`status ${fault.status}`);
  if (fault.shape && fault.shape !== "v3") parts.push(`shape ${fault.shape}`);
  if (fault.message) parts.push("message");
  if (fault.echo) parts.push("echo key and secret");
  if (fault.body != null) parts.push("body");
  if (fault.content_type) parts.push(`content type ${fault.content_type}`);
  if (fault.raw) parts.push("raw bytes");
  for (const [name, value] of Object.entries(fault.headers ?? {})) parts.push(`${name}: ${value}`);
  if (fault.trickle) parts.push(`trickle ${fault.trickle} s a byte`);
  if (fault.processed) parts.push("processed");
  return parts.join(" · ");
}
