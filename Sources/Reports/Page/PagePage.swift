extension Page {
  /// Header, list, keys and address.
  static let pageScript = #"""
    // The page: header, list, filter, keys, and the address that names what is shown.

    const RUN = data("summary");

    RUN.cases.forEach((item, number) => {
      item.number = number;
      item.haystack = [item.name, item.id, item.file, item.reason, ...item.tags.map((tag) => `@${tag}`)]
        .join("\n").toLowerCase();
    });

    /** What went wrong first, otherwise in the order of the run. */
    const SORTED = [...RUN.cases].sort((one, other) =>
      ORDER.indexOf(one.verdict) - ORDER.indexOf(other.verdict) || one.number - other.number);

    let shown = [];
    let current = null;

    const count = (verdict) => RUN.cases.filter((item) => item.verdict === verdict).length;

    function showHeader() {
      const parts = ORDER.map((verdict) => [verdict, count(verdict)])
        .filter(([, count]) => count > 0);
      const bar = el("div.share", {"aria-hidden": "true"}, ...parts.map(([verdict, count]) => {
        const part = el(`span.v-${verdict}`, {});
        part.style.flexGrow = count;
        return part;
      }));
      byId("top").replaceChildren(...[
        el("div.lead", {}, el(`span.badge.v-${RUN.verdict}`, {}, icon(RUN.verdict)),
          el("div", {}, el("h1", {}, RUN.headline), el("p", {}, `${RUN.counts} · ${time(RUN.ms)}`))),
        RUN.rerun
          ? el("div.rerun", {}, el("span", {}, "Run the failures again"), el("code", {}, RUN.rerun),
            copyButton("Copy", RUN.rerun))
          : null,
        bar,
        el("dl.facts", {}, ...RUN.facts.map(([name, value]) => pair(name, value))),
      ].filter(Boolean));
      const warnings = [...RUN.warnings];
      if (RUN.notRun) warnings.push(`${counted(RUN.notRun, "case was", "cases were")} not run`);
      byId("warnings").replaceChildren(...warnings.map((text) => el("p", {}, icon("error"), text)));
      byId("foot").replaceChildren(
        el("span", {}, `qa-agent ${RUN.version} · ${RUN.id}`),
        el("button", {type: "button", onclick: showHelp}, "Keys ", el("kbd", {}, "?")));
      document.querySelector("link[rel=icon]").href = favicon();
    }

    /** The verdict as the icon of the browser's tab. */
    function favicon() {
      const colours = {passed: "157347", failed: "c42b31", error: "b25000", interrupted: "5b6473"};
      const paths = {passed: "M9 17l5 5 10-12", failed: "M10 10l12 12M22 10L10 22"};
      const path = paths[RUN.verdict] || "M16 7v11M16 23v2";
      return "data:image/svg+xml," + encodeURIComponent(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        + `<circle cx="16" cy="16" r="16" fill="#${colours[RUN.verdict]}"/>`
        + `<path d="${path}" fill="none" stroke="#fff" stroke-width="4"/></svg>`);
    }

    // The list.

    function showList() {
      const terms = parseFilter(byId("filter").value);
      shown = SORTED.filter((item) => fits(item, terms));
      byId("cases").replaceChildren(...shown.map(listItem));
      byId("none").hidden = shown.length > 0;
      showChips();
      mark();
    }

    function listItem(item) {
      return el("li", {}, el("a", {href: address({case: item.number}), "data-case": item.number},
        icon(item.verdict, true),
        el("span.name", {}, item.name,
          el("small", {title: item.file},
              [item.file.split("/").pop(), ...item.tags.map((tag) => `@${tag}`)]
                .filter(Boolean).join("  "))),
        el("span.took", {}, time(item.ms),
          item.attempts > 1 ? el("small", {}, counted(item.attempts, "attempt", "attempts")) : null,
          item.warnings.length ? el("small.v-flaky", {title: item.warnings.join("\\n")},
            counted(item.warnings.length, "warning", "warnings")) : null,
          item.unchecked ? el("small.v-flaky", {}, "unchecked") : null)));
    }

    function showChips() {
      const text = byId("filter").value.toLowerCase().split(/\s+/);
      byId("chips").replaceChildren(...ORDER.flatMap((verdict) => {
        if (!count(verdict)) return [];
        return [el(`button.chip.v-${verdict}`, {
          type: "button", "aria-pressed": String(text.includes(`s:${verdict.toLowerCase()}`)),
          onclick: () => setFilter(toggleVerdict(byId("filter").value, verdict)),
        }, icon(verdict), `${count(verdict)} ${VERDICTS[verdict]}`)];
      }));
    }

    function setFilter(text) {
      byId("filter").value = text;
      showList();
    }

    function addTerm(term) {
      const text = byId("filter").value.trim();
      if (!text.split(/\s+/).includes(term)) setFilter(text ? `${text} ${term}` : term);
    }

    function mark() {
      for (const link of byId("cases").querySelectorAll("a")) {
        const isCurrent = Number(link.dataset.case) === current;
        if (isCurrent) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
        if (isCurrent) link.scrollIntoView({block: "nearest"});
      }
    }

    // The address: #case=<id>&attempt=2&step=3 can be pasted into a ticket.

    function address({case: number, attempt, step}) {
      const words = new URLSearchParams({case: RUN.cases[number].id});
      if (attempt) words.set("attempt", attempt);
      if (step) words.set("step", step);
      return `#${words}`;
    }

    function go(place) {
      location.hash = address(place);
    }

    function follow() {
      const words = new URLSearchParams(location.hash.slice(1));
      const named = RUN.cases.findIndex((item) => item.id === words.get("case"));
      const number = named >= 0 ? named : shown[0] ? shown[0].number : -1;
      if (number < 0) return;
      const isNew = current !== number;
      current = number;
      showCase(number, {attempt: Number(words.get("attempt")), step: Number(words.get("step"))});
      const top = byId("detail").offsetTop - 16;
      if (isNew && named >= 0) window.scrollTo({top: Math.min(window.scrollY, top)});
      mark();
    }

    // Keys.

    const KEYS = {
      j: ["next case", () => move(1)],
      k: ["case before", () => move(-1)],
      n: ["next step", () => moveStep(1)],
      p: ["step before", () => moveStep(-1)],
      f: ["only what went wrong, or everything again",
        () => setFilter(toggleVerdict(byId("filter").value, "bad"))],
      "/": ["filter", () => byId("filter").focus()],
      "?": ["these keys", showHelp],
    };

    function move(by) {
      const index = shown.findIndex((item) => item.number === current);
      const next = shown[index < 0 ? 0 : index + by];
      if (next) go({case: next.number});
    }

    function moveStep(by) {
      const rows = [...document.querySelectorAll("details.step")];
      const index = rows.findIndex((row) => row.contains(document.activeElement));
      const start = index >= 0 ? index : rows.findIndex((row) => row.open);
      const next = rows[start < 0 ? 0 : start + by];
      if (!next) return;
      next.open = true;
      next.querySelector("summary").focus();
    }

    const TERMS = [
      ["words", "in the name, file, reason or tags"], ["\"two words\"", "a phrase"],
      ["s:failed", "a verdict; s:bad is all that went wrong"], ["@tag", "a tag"], ["!word", "not"],
    ];

    const pair = (name, value) => el("div", {}, el("dt", {}, name), el("dd", {}, value));

    function showHelp() {
      const dialog = byId("help");
      dialog.replaceChildren(el("h2", {}, "Keys"),
        el("dl", {}, ...Object.entries(KEYS).map(([key, [words]]) => pair(el("kbd", {}, key), words))),
        el("h2", {}, "Filter"),
        el("dl", {}, ...TERMS.map(([term, words]) => pair(el("code", {}, term), words))),
        el("p", {}, el("button", {type: "button", onclick: () => dialog.close()}, "Close")));
      dialog.showModal();
    }

    document.addEventListener("keydown", (event) => {
      const isTyping = event.target.matches("input, textarea, select");
      if (event.key === "Escape" && isTyping) event.target.blur();
      const isChord = event.ctrlKey || event.metaKey || event.altKey;
      if (isTyping || isChord || document.querySelector("dialog[open]")) return;
      const action = KEYS[event.key];
      if (!action) return;
      event.preventDefault();
      action[1]();
    });

    window.addEventListener("hashchange", follow);
    window.addEventListener("beforeprint", () => {
      for (const row of document.querySelectorAll("details.step")) {
        row.fill();
        row.open = true;
      }
    });
    byId("filter").addEventListener("input", showList);

    showHeader();
    showList();
    follow();
    """#
}
