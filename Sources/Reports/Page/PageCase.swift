extension Page {
  /// One case.
  static let caseScript = #"""
    // One case: what decided it, its attempts, the film and the steps.

    /** Shows a case; `place` may name an attempt and a step. */
    function showCase(number, place) {
      const summary = RUN.cases[number];
      const item = data(`case-${number}`);
      const attempt = item.attempts.find((one) => one.n === place.attempt) || item.attempts.at(-1);
      const detail = byId("detail");
      detail.setAttribute("aria-label", `Case: ${summary.name}`);
      detail.replaceChildren(...[
        caseHeader(summary, item),
        attempt ? verdictCard(summary, item, attempt) : reasonCard(summary.verdict, summary.reason),
        attempt && item.attempts.length > 1 ? attemptTabs(item, attempt, number) : null,
        attempt ? attemptBody(item, attempt, place.step) : null,
      ].filter(Boolean));
    }

    function caseHeader(summary, item) {
      const meta = [
        summary.file, time(summary.ms),
        item.attempts.length > 1 ? counted(item.attempts.length, "attempt", "attempts") : null,
      ].filter(Boolean);
      const description = item.description.trim();
      return el("header.case", {},
        el("div.title", {}, pill(summary.verdict),
          summary.unchecked ? el("span.pill.v-flaky", {}, "nothing checked") : null,
          el("h2", {}, summary.name)),
        el("p.meta", {}, ...meta.map((text) => el("span", {}, text)),
          ...summary.tags.map((tag) =>
            el("button.tag", {type: "button", onclick: () => addTerm(`@${tag}`)}, `@${tag}`)),
          ...item.properties.map(([name, value]) =>
            el("span.property", {}, el("b", {}, name), ` ${value}`))),
        description ? el("p.description", {}, description) : null,
        el("p.tools", {}, copyButton("Copy command", item.command),
          copyButton("Copy as bug report", () => bugReport(summary, item))));
    }

    /** Why it came to this verdict, with the evidence. */
    function verdictCard(summary, item, attempt) {
      const step = decidingStep(attempt);
      if (!isTrouble(attempt.verdict)) {
        if (summary.unchecked) {
          return reasonCard("flaky", "This case passed, but nothing was checked: no expect step of it ran.");
        }
        return summary.verdict === "flaky" ? reasonCard("flaky", summary.reason) : null;
      }
      const check = step && step.moments.findLast((moment) => moment.kind === "check" && !moment.holds);
      const moment = check || (step && telling(step));
      const shot = moment && stageOf(moment);
      const title = step ? `Step ${step.n}: ${step.title}` : attempt.reason || VERDICTS[attempt.verdict];
      const last = shot && shot[shot.length - 1];
      return el(`section.card.v-${attempt.verdict}`, {"aria-label": "What decided"},
        el("div.why", {},
          el("h3", {}, icon(attempt.verdict), title),
          step ? el("p.reason", {}, said(step, check)) : null,
          step ? el("p.meta", {}, step.file) : null),
        last ? el("div.shots", {}, closeUp(item, last[0], last[2]), picture(item, ...last)) : null);
    }

    /** Why a step went wrong, without what its title says already. */
    function said(step, check) {
      if (!check || step.verdict !== "failed") return step.reason || VERDICTS[step.verdict];
      return step.title.includes(check.expected)
        ? check.measured || "nothing" : `expected: ${check.expected}; ${check.measured}`;
    }

    function reasonCard(verdict, reason) {
      const title = el("h3", {}, icon(verdict), reason || VERDICTS[verdict]);
      return el(`section.card.v-${verdict}`, {}, el("div.why", {}, title));
    }

    function decidingStep(attempt) {
      return attempt.steps.find((step) => step.n === attempt.decided) || attempt.steps.find((step) => step.verdict === attempt.verdict && isTrouble(step.verdict))
        || attempt.steps.find((step) => isTrouble(step.verdict)) || null;
    }

    function attemptTabs(item, current, number) {
      return el("div.tabs", {role: "group", "aria-label": "Attempts"}, ...item.attempts.map((attempt) =>
        el("button", {
          type: "button", "aria-pressed": String(attempt === current),
          onclick: () => go({case: number, attempt: attempt.n}),
        }, icon(attempt.verdict, true), `Attempt ${attempt.n}`, el("small", {}, time(attempt.ms)))));
    }

    function attemptBody(item, attempt, wanted) {
      const steps = attempt.steps.map((step) => stepRow(item, attempt, step));
      const open = steps[attempt.steps.findIndex((step) => step.n === wanted)]
        || (steps.length === 1 ? steps[0] : null);
      if (open) open.open = true;
      // What an optional step came to stands in the step.
      const outside = attempt.moments.filter((moment) => moment.kind !== "saw"
        && !(moment.kind === "warning" && attempt.steps.some((step) => isTrouble(step.verdict)
          && step.reason && moment.text.endsWith(step.reason))));
      return el("section.attempt", {"aria-label": `Attempt ${attempt.n}`},
        film(item, attempt, steps),
        outside.length
          ? el("ol.story.outside", {}, ...outside.map((moment) => storyLine(moment, 0, () => {})))
          : null,
        el("div.steps", {}, ...headed(attempt, steps)),
        output(attempt));
    }

    /** What the application wrote: the last of it, and the file with all of it. */
    function output(attempt) {
      const written = attempt.output;
      if (!written || !(written.text || written.end)) return null;
      return el("details.output", {},
        el("summary", {}, "Output of the application",
          written.end ? el("small", {}, ` ended ${written.end}`) : null),
        written.text ? el("pre", {}, written.text) : el("p.meta", {}, "It wrote nothing."),
        written.file ? el("p.meta", {}, el("a", {href: encodeURI(written.file)}, written.file)) : null);
    }

    /** The rows with a heading wherever the phase or the group changes. */
    function headed(attempt, rows) {
      const names = {setup: "Setup", steps: "Steps", teardown: "Teardown"};
      let last = "";
      return attempt.steps.flatMap((step, index) => {
        const heading = [names[step.phase], ...step.groups].join(" › ");
        const row = heading === last ? [rows[index]] : [el("h3.group", {}, heading), rows[index]];
        last = heading;
        return row;
      });
    }

    function stepRow(item, attempt, step) {
      const total = Math.max(1, attempt.ms);
      const bar = el(`span.bar.l-${step.lane || "none"}`, {});
      bar.style.marginInlineStart = `${Math.min(99, (100 * step.at) / total)}%`;
      bar.style.width = `${Math.max(1, Math.min(100, (100 * step.ms) / total))}%`;
      const row = el("details.step", {"data-step": step.n},
        el("summary", {}, icon(step.verdict, true), el("span.number", {}, step.n),
          el("span.name", {}, step.title, step.lane ? laneChip(step.lane) : null),
          el("span.track", {"aria-hidden": "true"}, bar), el("span.took", {}, time(step.ms))));
      row.addEventListener("toggle", () => {
        if (row.open && row.children.length === 1) row.append(stepBody(item, attempt, step));
      });
      row.fill = () => row.children.length === 1 && row.append(stepBody(item, attempt, step));
      row.show = (moment) => {
        row.open = true;
        row.fill();
        row.stage(moment);
      };
      row.stage = () => {};
      return row;
    }

    function stepBody(item, attempt, step) {
      const stage = el("div.stage", {});
      const lines = new Map();
      const show = (moment) => {
        const shots = moment ? stageOf(moment) : null;
        stage.hidden = !shots;
        if (!shots) return;
        stage.classList.toggle("single", shots.length === 1);
        const near = shots.length === 1 ? closeUp(item, shots[0][0], shots[0][2]) : null;
        stage.replaceChildren(...shots.map((shot) => picture(item, ...shot)), ...(near ? [near] : []));
        for (const [one, line] of lines) line.classList.toggle("shown", one === moment);
      };
      for (const moment of step.moments) lines.set(moment, storyLine(moment, step.at, show));
      const body = el("div.body", {},
        step.verdict !== "passed" && step.reason && step.n !== attempt.decided
          ? el("p.reason", {}, step.reason) : null,
        el("div.scene", {}, stage, el("ol.story", {}, ...lines.values())),
        el("p.meta", {}, `${step.file} · ${step.keyword}`));
      show(telling(step));
      queueMicrotask(() => {
        const row = body.closest("details");
        if (row) row.stage = show;
      });
      body.show = show;
      return body;
    }

    /** Every different picture of the attempt in the order of time; a click opens its step. */
    function film(item, attempt, rows) {
      const cells = [];
      let last = null;
      attempt.steps.forEach((step, index) => {
        for (const moment of step.moments) {
          for (const [frame, , marks] of stageOf(moment) || []) {
            const isSame = last && last.blob === frame[0];
            if (isSame && !hasMarks(marks)) continue;
            // The picture with marks takes the place of the same one without.
            if (isSame && !last.isMarked) cells.pop();
            last = {blob: frame[0], isMarked: hasMarks(marks)};
            cells.push(filmCell(item, step, moment, frame, marks, rows[index]));
          }
        }
      });
      return cells.length > 1 ? el("ol.film", {"aria-label": "Film of the attempt"}, ...cells) : null;
    }

    const hasMarks = (marks) =>
      !!marks && !!((marks.points || []).length || (marks.regions || []).length || marks.box);

    function filmCell(item, step, moment, frame, marks, row) {
      const label = `Step ${step.n} at ${time(moment.at)}`;
      const image = el("img", {
        src: source(item, frame), width: frame[1], height: frame[2], alt: "", loading: "lazy",
        decoding: "async",
      });
      const holder = el("span.frame", {}, image, drawMarks(frame, marks && {...marks, unread: []}));
      image.addEventListener("error", () => holder.replaceChildren(el("p", {}, "missing")));
      return el("li", {}, el(`button.cell.v-${step.verdict}`, {
        type: "button", "aria-label": label,
        onclick: () => {
          row.show(moment);
          const body = row.querySelector(".body");
          if (body) body.show(moment);
          row.scrollIntoView({block: "nearest"});
        },
      }, holder, el("span.when", {}, el("b", {}, step.n), time(moment.at))));
    }

    /** The case in Markdown, for a ticket. */
    function bugReport(summary, item) {
      const attempt = item.attempts[item.attempts.length - 1];
      const lines = [`## ${summary.name}: ${VERDICTS[summary.verdict]}`, "", summary.reason, ""];
      lines.push(`- scenario: ${summary.file}`, `- run: ${RUN.id} (qa-agent ${RUN.version})`,
        `- again: \`${item.command}\``, "");
      for (const step of attempt ? attempt.steps : []) {
        lines.push(`${step.n}. ${step.title}: ${VERDICTS[step.verdict]}, ${time(step.ms)}`);
        const check = step.moments.findLast((moment) => moment.kind === "check" && !moment.holds);
        if (check) lines.push(`   - expected: ${check.expected}`, `   - measured: ${check.measured}`);
      }
      return lines.join("\n");
    }
    """#
}
