// A table that is wider than the page scrolls sideways: let the keyboard reach it, too.
addEventListener("load", () => {
  const reachable = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  document.querySelectorAll(".md-typeset__scrollwrap").forEach((table) => reachable.observe(table));
});
