// Measure the contrast of a page's controls from the styles that the browser computed.
(() => {
  const TEXT = 4.5; // WCAG 1.4.3
  const SHAPE = 3; // WCAG 1.4.11: a control's boundary, and its focus indicator
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const BOXED = "button, select, textarea, input:not([type=checkbox], [type=radio], [type=hidden])";
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });

  // Any colour of CSS as red, green, blue (0 to 255) and opacity (0 to 1).
  function rgba(colour) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  }

  const over = (top, ground) => [
    ...[0, 1, 2].map((index) => top[index] * top[3] + ground[index] * (1 - top[3])),
    1,
  ];

  function luminance(colour) {
    const [red, green, blue] = colour.slice(0, 3).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  function ratio(one, other) {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }

  // The window's own colour, which the scheme decides; only an element of the page knows it.
  function paper() {
    const probe = document.body.appendChild(document.createElement("i"));
    probe.style.backgroundColor = "Canvas";
    const colour = rgba(getComputedStyle(probe).backgroundColor);
    probe.remove();
    return colour;
  }

  // The colour behind an element's content: its background over those of all around it.
  function ground(element) {
    if (!element) return paper();
    const style = getComputedStyle(element);
    const own = rgba(style.backgroundColor);
    if (own[3] === 1) return own;
    return over(own, ground(isAlone(element) ? null : element.parentElement));
  }

  // A dialog or popover in the top layer has the page behind it, not its parent.
  const isAlone = (element) => element.matches("dialog[open], :popover-open");

  // What no computed colour shows: a filter, a blend, a picture, a translucent element.
  function unknown(element) {
    for (let each = element; each; each = each.parentElement) {
      const style = getComputedStyle(each);
      if (style.filter !== "none") return `filter ${style.filter}`;
      if (style.mixBlendMode !== "normal") return `blend ${style.mixBlendMode}`;
      if (style.opacity !== "1") return `opacity ${style.opacity}`;
    }
    return null;
  }

  const isShown = (element) =>
    element.checkVisibility({ visibilityProperty: true }) &&
    element.getClientRects().length > 0 &&
    !element.closest("[inert]");

  function texts(control) {
    const roots = [control, ...(control.labels ?? [])];
    const found = new Set();
    for (const root of roots) {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement;
        const isOther = parent.closest(CONTROLS) && parent.closest(CONTROLS) !== control && parent !== root;
        if (walker.currentNode.data.trim() && isShown(parent) && !isOther) found.add(parent);
      }
    }
    return [...found].filter((each) => !each.matches("option, optgroup"));
  }

  function textProblems(control, wording) {
    const problems = [];
    const check = (element, colour, what) => {
      const behind = ground(element);
      const value = ratio(over(rgba(colour), behind), behind);
      if (value < TEXT) problems.push(`${what} ${value.toFixed(2)}`);
    };
    for (const each of texts(control)) {
      const words = each.textContent.trim().replace(/\s+/g, " ").slice(0, 30);
      check(each, getComputedStyle(each).color, `text ${JSON.stringify(words)}`);
    }
    if (control.matches("input, select, textarea")) check(control, getComputedStyle(control).color, "value");
    if (control.placeholder) check(control, getComputedStyle(control, "::placeholder").color, "placeholder");
    return problems;
  }

  function boundaryProblems(control) {
    const style = getComputedStyle(control);
    // Without border and ground it is a link in all but name.
    const isPlain = style.borderTopWidth === "0px" && rgba(style.backgroundColor)[3] === 0;
    if (!control.matches(BOXED) || control.matches(":disabled") || isPlain) return [];
    const outside = ground(control.parentElement);
    const fill = ground(control);
    const edge = style.borderTopWidth === "0px" ? fill : over(rgba(style.borderTopColor), fill);
    const value = Math.max(ratio(edge, outside), ratio(fill, outside));
    return value < SHAPE ? [`boundary ${value.toFixed(2)}`] : [];
  }

  function indicatorProblems(control) {
    for (let each = control; each; each = each.parentElement) {
      if (each !== control && !each.matches(":has(:focus-visible)")) continue;
      const style = getComputedStyle(each);
      if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) === 0) continue;
      if (parseFloat(style.outlineWidth) < 2) return [`focus indicator of ${style.outlineWidth}`];
      const isInside = parseFloat(style.outlineOffset) < 0;
      const behind = ground(isInside ? each : each.parentElement);
      const value = ratio(over(rgba(style.outlineColor), behind), behind);
      return value < SHAPE ? [`focus indicator ${value.toFixed(2)}`] : [];
    }
    return ["no focus indicator"];
  }

  window.contrast = {
    // Open what hides controls, and number every control that is shown; returns how many there are.
    find(dialog) {
      for (const each of document.querySelectorAll("details")) each.open = true;
      const root = dialog ?? document;
      const controls = [...root.querySelectorAll(CONTROLS)].filter(isShown);
      for (const each of document.querySelectorAll("[data-control]")) each.removeAttribute("data-control");
      controls.forEach((each, index) => each.setAttribute("data-control", index));
      return controls.length;
    },
    at: (index) => document.querySelector(`[data-control="${index}"]`),
    name(index) {
      const control = this.at(index);
      const name = control.ariaLabel || control.labels?.[0]?.textContent || control.textContent;
      return `${control.localName} ${name.trim().replace(/\s+/g, " ").slice(0, 40)}`;
    },
    point(index) {
      const control = this.at(index);
      control.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
      const box = control.getClientRects()[0];
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      return x < 0 || y < 0 || x > innerWidth || y > innerHeight ? null : [x, y];
    },
    isIn: (index, state) => window.contrast.at(index).matches(state),
    focus(index) {
      this.at(index).focus();
      return this.at(index).matches(":focus-visible");
    },
    // Disable a control or make it usable again; false if it has no such state.
    disable(index, wanted) {
      const control = this.at(index);
      if (!("disabled" in control)) return false;
      control.disabled = wanted;
      return true;
    },
    problems(index, isFocused) {
      const control = this.at(index);
      const hidden = unknown(control);
      if (hidden) return [`cannot measure: ${hidden}`];
      return [
        ...textProblems(control),
        ...boundaryProblems(control),
        ...(isFocused ? indicatorProblems(control) : []),
      ];
    },
  };
})();
