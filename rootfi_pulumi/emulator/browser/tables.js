// The tables of organisations and integrations.

import { byId, counted, element, foreign, mark, time } from "./dom.js";

const INTEGRATION = {
  Id: (each) => String(each.rootfi_id),
  Type: (each) => foreign(each.integration_type),
  "Client id": (each) => element("code", {}, foreign(each.client_id)),
  Secret: (each) => each.client_secret,
  State: (each) => (each.is_disabled ? mark("held", "disabled") : mark("good", "enabled")),
  Created: (each) => time(each.rootfi_created_at, { date: true }),
  Updated: (each) => time(each.rootfi_updated_at, { date: true }),
  Organisation: (each) => foreign(each.organisation_name),
};
const ORGANISATION = {
  Id: (each) => String(each.id),
  Name: (each) => foreign(each.name),
  "API key": (each) => (each.made_up_key ? element("code", {}, each.made_up_key) : each.api_key),
  Integrations: (each) => each.integrations.toLocaleString("en"),
};

export function show({ organisations, integrations, integrations_total: total }) {
  fill("organisations", ORGANISATION, organisations);
  fill("integrations", INTEGRATION, integrations.toReversed());
  byId("organisations-count").textContent = organisations.length ? String(organisations.length) : "";
  const older = total - integrations.length;
  byId("integrations-count").textContent =
    total === 0 ? "" : older ? `${total.toLocaleString("en")}, of which the newest ${integrations.length}` : String(total);
}

// Set the roles explicitly: a narrow window shows rows as blocks, which lose their implicit roles.
function fill(name, columns, rows) {
  byId(`${name}-empty`).hidden = rows.length > 0;
  const titles = Object.keys(columns);
  const head = element(
    "tr",
    { role: "row" },
    ...titles.map((title) => element("th", { role: "columnheader", scope: "col" }, title)),
  );
  const body = rows.map((row) =>
    element(
      "tr",
      { role: "row" },
      ...titles.map((title) => element("td", { role: "cell", "data-title": title }, columns[title](row))),
    ),
  );
  const table = element(
    "table",
    { role: "table", "aria-label": `${counted(rows.length, name.slice(0, -1))}` },
    element("thead", { role: "rowgroup" }, head),
    element("tbody", { role: "rowgroup" }, ...body),
  );
  byId(`${name}-table`).replaceChildren(...(rows.length ? [table] : []));
}
