const form = document.getElementById("narrow");

if (form) {
  form.hidden = false;
  form.addEventListener("input", narrow);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("clear").addEventListener("click", () => {
    clearFilters();
    document.getElementById("search").focus();
  });
  document.addEventListener("click", ({ target }) => {
    const link = target.closest(".jump");
    if (link) {
      prepareJump(document.getElementById(link.hash.slice(1)));
    }
  });
  narrow();
}

function narrow() {
  const wanted = document.getElementById("search").value.trim().toLowerCase();
  const states = [...form.querySelectorAll("[name=state]:checked")].map((box) => box.value);
  const isNarrowed = Boolean(wanted || states.length);
  const [heading, ...rows] = region.querySelectorAll("tr");
  const columns = new Set();
  for (const row of rows) {
    const hits = findHits(row, wanted, states);
    row.hidden = !hits.length;
    hits.forEach((cell) => columns.add(cell.cellIndex));
    for (const cell of row.querySelectorAll("td")) {
      cell.classList.toggle("aside", isNarrowed && !hits.includes(cell));
    }
  }
  for (const row of [heading, ...rows]) {
    [...row.cells].slice(1).forEach((cell) => {
      cell.hidden = isNarrowed && !columns.has(cell.cellIndex);
    });
  }
  extent.hidden = !columns.size;
  document.getElementById("clear").hidden = !isNarrowed;
  const found = rows.filter((row) => !row.hidden).length;
  const counts = [found, rows.length, columns.size, heading.cells.length - 1];
  document.getElementById("shown").textContent = describe(isNarrowed, wanted, states, counts);
  // At once: the browser scrolls to a link's cell before the observer sees that the table's size changed.
  fit();
}

function findHits(row, wanted, states) {
  const isNamed = hasText(row.cells[0], wanted);
  return [...row.querySelectorAll("[data-states]")].filter((cell) => {
    const held = cell.dataset.states.split(" ");
    const isInState = !states.length || states.some((state) => held.includes(state));
    return isInState && (isNamed || hasText(cell, wanted));
  });
}

function hasText(cell, wanted) {
  return [...cell.querySelectorAll(".find")].some((each) => each.textContent.toLowerCase().includes(wanted));
}

function describe(isNarrowed, wanted, states, [found, rows, foundColumns, columns]) {
  if (!isNarrowed) {
    return `${count(rows, "integration")}, ${count(columns, "environment")}`;
  }
  if (found) {
    return `${found} of ${count(rows, "integration")}, ${foundColumns} of ${count(columns, "environment")}`;
  }
  const text = wanted ? ` matches “${wanted}”` : "";
  return `No integration${text}${states.length ? ` in state ${states.join(" or ")}` : ""}.`;
}

function count(number, thing) {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}

function clearFilters() {
  form.reset();
  narrow();
}

function prepareJump(cell) {
  if (!isShown(cell)) {
    clearFilters();
  }
  const glance = cell.querySelector(".glance");
  if (isShown(glance)) {
    stopAt(glance);
  }
}
