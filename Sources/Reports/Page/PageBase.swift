extension Page {
  /// Small helpers; every text from outside goes through them.
  static let baseScript = #"""
    "use strict";

    // Everything from outside (screens, models, scenarios) reaches the page through `el` as text, never as
    // markup.

    /** An element: `el("p.note", {title: "x"}, "text", child, null)`. */
    function el(name, attributes, ...children) {
      const [tag, ...classes] = name.split(".");
      const node = document.createElement(tag || "div");
      if (classes.length) node.className = classes.join(" ");
      for (const [key, value] of Object.entries(attributes || {})) {
        if (value === null || value === undefined || value === false) continue;
        if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
        else node.setAttribute(key, value === true ? "" : value);
      }
      node.append(...children.flat().filter((child) => (child ?? "") !== ""));
      return node;
    }

    /** An SVG element; attributes are numbers and names of ours. */
    function svg(tag, attributes, ...children) {
      const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [key, value] of Object.entries(attributes || {})) node.setAttribute(key, value);
      node.append(...children.filter(Boolean));
      return node;
    }

    const VERDICTS = {
      failed: "failed", timedOut: "timed out", error: "error", interrupted: "interrupted",
      flaky: "flaky", passed: "passed", skipped: "skipped",
    };

    /** The order in which people want to read: what went wrong first. */
    const ORDER = Object.keys(VERDICTS);

    const LANES = {
      local: "local engine", model: "model", scenario: "scenario",
    };

    const isTrouble = (verdict) => ORDER.indexOf(verdict) < 4;

    function icon(verdict, label) {
      const drawing = svg("svg", {class: "drawing", viewBox: "0 0 16 16", "aria-hidden": "true"},
        svg("use", {href: `#i-${verdict}`}));
      const name = label ? {role: "img", "aria-label": VERDICTS[verdict]} : {};
      return el(`span.icon.v-${verdict}`, name, drawing);
    }

    function pill(verdict) {
      return el(`span.pill.v-${verdict}`, {}, icon(verdict), VERDICTS[verdict]);
    }

    /** Milliseconds for people, the same words as in the terminal. */
    function time(ms) {
      const seconds = Math.floor(ms / 1000);
      if (seconds < 10) return `${seconds}.${Math.floor((ms % 1000) / 100)}s`;
      if (seconds < 60) return `${seconds}s`;
      const minutes = Math.floor(seconds / 60);
      const two = (number) => String(number).padStart(2, "0");
      if (minutes < 60) return `${minutes}m ${two(seconds % 60)}s`;
      return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`;
    }

    function counted(number, one, many) {
      return `${number} ${number === 1 ? one : many}`;
    }

    /** The data of an element that holds JSON; null when there is none. */
    function data(id) {
      const node = document.getElementById(id);
      return node ? JSON.parse(node.textContent) : null;
    }

    const byId = (id) => document.getElementById(id);

    function copyButton(label, text) {
      const button = el("button.copy", {type: "button"}, svgIcon("copy"), label);
      button.addEventListener("click", async () => {
        await copy(typeof text === "function" ? text() : text);
        byId("said").textContent = "Copied.";
        button.classList.add("done");
        setTimeout(() => button.classList.remove("done"), 1500);
      });
      return button;
    }

    function svgIcon(name) {
      return svg("svg", {class: "drawing", viewBox: "0 0 16 16", "aria-hidden": "true"},
        svg("use", {href: `#i-${name}`}));
    }

    /** Copies a text; a page from `file://` may not use the clipboard: the old way is the second one. */
    async function copy(text) {
      try {
        await navigator.clipboard.writeText(text);
      } catch {
        const area = el("textarea", {readonly: true, class: "hidden"});
        area.value = text;
        document.body.append(area);
        area.select();
        document.execCommand("copy");
        area.remove();
      }
    }
    """#
}
