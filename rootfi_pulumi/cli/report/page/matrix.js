"use strict";

const extent = document.querySelector(".extent");
const region = document.querySelector(".matrix");
const glances = [...document.querySelectorAll(".glance")];
const DIRECTIONS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

if (region) {
  const observer = new ResizeObserver(fit);
  observer.observe(region);
  observer.observe(region.firstElementChild);
  region.addEventListener("scroll", showFades, { passive: true });
  region.addEventListener("keydown", move);
  region.addEventListener("focusin", ({ target }) => glances.includes(target) && stopAt(target));
}

function isShown(element) {
  return element.getClientRects().length > 0;
}

function fit() {
  const fits = region.firstElementChild.offsetWidth <= region.offsetWidth;
  region.classList.toggle("fits", fits);
  // Tab skips a table that does not scroll.
  region.tabIndex = fits ? -1 : 0;
  extent.style.setProperty("--bar", `${region.offsetWidth - region.clientWidth}px`);
  showFades();
  keepStop();
}

function showFades() {
  const left = region.scrollLeft;
  const fits = region.classList.contains("fits");
  extent.classList.toggle("more-left", !fits && left > 1);
  extent.classList.toggle("more-right", !fits && left + region.clientWidth < region.scrollWidth - 1);
}

// Tab stops at one cell, from which the arrow keys lead to the others.
function stopAt(glance) {
  for (const each of glances) {
    each.tabIndex = each === glance ? 0 : -1;
  }
}

function keepStop() {
  const shown = glances.filter(isShown);
  if (!shown.some((each) => each.tabIndex === 0) || shown.length !== 1 + shown.filter(isSkipped).length) {
    stopAt(shown[0]);
  }
}

function isSkipped(glance) {
  return glance.tabIndex < 0;
}

function move(event) {
  const direction = DIRECTIONS[event.key];
  const from = event.target;
  if (!direction || !glances.includes(from) || event.altKey || event.ctrlKey || event.metaKey) {
    return;
  }
  event.preventDefault();
  const next = neighbour(from, direction);
  if (next) {
    const wasOpen = from.popoverTargetElement?.matches(":popover-open");
    next.focus();
    if (wasOpen) {
      next.click();
    }
  }
}

function neighbour(glance, [down, right]) {
  const shown = glances.filter(isShown);
  if (!isShown(region.querySelector("thead"))) {
    return shown[shown.indexOf(glance) + down + right];
  }
  const [row, column] = placeOf(glance);
  const ahead = shown.filter((each) => {
    const [otherRow, otherColumn] = placeOf(each);
    return down
      ? otherColumn === column && (otherRow - row) * down > 0
      : otherRow === row && (otherColumn - column) * right > 0;
  });
  return down + right > 0 ? ahead[0] : ahead.at(-1);
}

function placeOf(glance) {
  const cell = glance.closest("td");
  return [cell.parentElement.rowIndex, cell.cellIndex];
}
