"use strict";

const form = document.getElementById("narrow");
if (form) {
  const search = document.getElementById("search");
  const shown = document.getElementById("shown");
  const reset = document.getElementById("reset");
  const rows = [...document.querySelectorAll("tbody tr")];
  const texts = new Map(rows.map((row) => [row, textOf(row)]));

  new ResizeObserver(fit).observe(document.querySelector(".matrix"));
  form.hidden = false;
  form.addEventListener("input", narrow);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => {
    // The button is about to disappear, and the browser clears the fields only after this event.
    search.focus();
    setTimeout(narrow);
  });
  narrow();

  function textOf(row) {
    const found = [...row.querySelectorAll(".find")];
    return found.map((element) => element.textContent.toLowerCase());
  }

  function narrow() {
    const wanted = search.value.trim().toLowerCase();
    const states = [...form.querySelectorAll("[name=state]:checked")].map((box) => box.value);
    for (const row of rows) {
      const hits = states.length ? markCells(row, states) : unmarkCells(row);
      row.hidden = !hits || !texts.get(row).some((text) => text.includes(wanted));
    }
    const left = rows.filter((row) => !row.hidden).length;
    shown.textContent = left ? `${left} of ${rows.length} shown` : "Nothing matches";
    reset.hidden = !(wanted || states.length);
  }

  function markCells(row, states) {
    const cells = [...row.querySelectorAll("td")];
    for (const cell of cells) {
      const held = (cell.dataset.states || "").split(" ");
      cell.classList.toggle("aside", !states.some((state) => held.includes(state)));
    }
    return cells.some((cell) => !cell.classList.contains("aside"));
  }

  function unmarkCells(row) {
    row.querySelectorAll("td").forEach((cell) => cell.classList.remove("aside"));
    return true;
  }

  function fit([{ target: region }]) {
    const fits = region.firstElementChild.offsetWidth <= region.offsetWidth;
    region.classList.toggle("fits", fits);
    // Tab skips a table that does not scroll.
    region.tabIndex = fits ? -1 : 0;
  }
}
