extension Page {
  /// What happened in a step.
  static let storyScript = #"""
    // What happened in a step, in order: seen, looked for, thought, decided, done, checked.

    const LABELS = {
      saw: "Saw", looked: "Looked", asked: "Thought", judged: "Judged", action: "Decided", command: "Ran",
      check: "Checked",
      picture: "Kept", value: "Read", lane: "Lane", said: "Said", remark: "Note", warning: "Warning",
      fault: "Fault",
    };

    /** One line of the story; `show` puts its picture on the stage. */
    function storyLine(moment, start, show) {
      const hasPicture = stageOf(moment) !== null;
      const label = hasPicture
        ? el("button.label", {type: "button", title: "Show the picture", onclick: () => show(moment)},
          LABELS[moment.kind])
        : el("span.label", {}, LABELS[moment.kind]);
      return el(`li.moment.m-${moment.kind}`, {},
        el("span.at", {}, `+${((moment.at - start) / 1000).toFixed(1)}s`), label,
        el("div.what", {}, ...tell(moment)));
    }

    function tell(moment) {
      switch (moment.kind) {
        case "saw": return ["the screen"];
        case "looked": return tellSearch(moment);
        case "asked": return tellCall(moment);
        case "judged": return [el("p", {}, `“${moment.text}”`), ...moment.replies.map(tellReply)];
        case "action": return tellAction(moment);
        case "command": return tellCommand(moment);
        case "check": return [tellCheck(moment)];
        case "picture": return [`the picture “${moment.text}”`];
        case "value": return [el("b", {}, moment.name), " = ", quote(moment.text)];
        case "lane": return [laneChip(moment.lane), moment.text ? ` because ${moment.text}` : ""];
        case "fault": return [el("b", {}, moment.domain), " ", moment.text];
        case "said": return [quote(moment.text)];
        default: return [moment.text];
      }
    }

    /** Words that come from a screen or a model. */
    const quote = (text) => el("q", {}, text);

    const laneChip = (lane) => el(`span.lane.l-${lane}`, {}, LANES[lane] || lane);

    const looks = (count) => (count > 1 ? el("span.looks", {}, ` · looked ${count} times`) : null);

    function tellCommand(moment) {
      const where = moment.host ? ` on ${moment.host}` : "";
      const parts = [el("code", {}, moment.text), `${where} ${moment.result}`];
      if (moment.cause) parts.push(el("div", {}, moment.cause));
      if (moment.ruling) parts.push(el("div", {}, moment.ruling));
      if (moment.thought) parts.unshift(el("p.thought", {}, moment.thought));
      for (const name of ["stdout", "stderr"]) {
        if (moment[name]) parts.push(el("div", {}, name), el("pre", {}, moment[name]));
      }
      return parts;
    }

    function tellSearch(moment) {
      const closest = (moment.closest || []).map((text) => `“${text}”`).join(", ");
      if (moment.result === "missing" && moment.text) return [moment.text, looks(moment.looks)];
      switch (moment.result) {
        case "found": return [`for ${moment.target}: found `, quote(moment.text), looks(moment.looks)];
        case "missing":
          return [
            `for ${moment.target}: not there${closest ? `; closest: ${closest}` : ""}`,
            looks(moment.looks),
          ];
        case "ambiguous":
          return [`for ${moment.target}: there more than once: ${closest}`, looks(moment.looks)];
        default: return [`for ${moment.target}: ${moment.text}`];
      }
    }

    function tellCall(moment) {
      const told = moment.messages.length
        ? el("details.told", {}, el("summary", {}, "what the model was told"),
          ...moment.messages.map((message) =>
            el("div", {}, el("b", {}, message.role), el("pre", {}, message.text))))
        : null;
      if (!moment.reply) return [el("p.bad", {}, `the model (${moment.role}) did not answer`), told];
      return [tellReply(moment.reply), told];
    }

    function tellReply(reply) {
      const share = reply.prompt ? Math.round(100 * reply.cached / reply.prompt) : 0;
      const cached = reply.cached ? `, ${share} % of the prompt from the cache` : "";
      return el("div.reply", {},
        reply.thought ? el("p.thought", {}, reply.thought) : null,
        reply.text ? el("p", {}, quote(reply.text)) : null,
        ...reply.calls.map((call) => el("pre.call", {}, call)),
        reply.complete ? null : el("p.bad", {}, "the answer was cut off"),
        el("p.cost", {},
          [reply.model, time(reply.ms), `${reply.prompt} → ${reply.completion} tokens${cached}`]
          .filter(Boolean).join(" · "), reply.sent ? tellSent(reply.sent) : null));
    }

    /** How it was asked, and where all that it was sent lies. */
    function tellSent(sent) {
      const text = ` · ${sent.text}`;
      if (!sent.file) return el("span", {title: sent.model}, text);
      return el("span", {title: sent.model}, text, " · ",
        el("a", {href: sent.file, target: "_blank"}, "what was sent"));
    }

    function tellAction(moment) {
      const status = {
        done: null, started: "under way when the attempt ended", proposed: "not done",
        refused: `refused: ${moment.reason}`,
      }[moment.status];
      return [
        el("p", {}, el("b", {}, moment.title), moment.target ? ` on “${moment.target}” ` : " ",
          moment.lane ? laneChip(moment.lane) : null),
        moment.thought ? el("p.thought", {}, moment.thought) : null,
        status ? el("p.bad", {}, status) : null,
        moment.settling ? el("p.cost", {}, `screen: ${moment.settling}`) : null,
      ];
    }

    function tellCheck(moment) {
      return el(`dl.check.${moment.holds ? "good" : "bad"}`, {},
        el("dt", {}, "Expected"), el("dd", {}, moment.expected),
        el("dt", {}, "Measured"), el("dd", {}, icon(moment.holds ? "passed" : "failed", true), " ",
          moment.measured || "nothing", looks(moment.looks)),
        moment.read ? el("dt", {}, "Read") : null, moment.read ? el("dd", {}, moment.read) : null);
    }

    /** What the stage shows for a moment: [frame, caption, marks] each; null without a picture. */
    function stageOf(moment) {
      switch (moment.kind) {
        case "saw": return moment.frame && [[moment.frame, "Seen", null]];
        case "looked":
          return moment.frame
            && [[moment.frame, "Looked", {regions: moment.boxes || (moment.box ? [moment.box] : []),
              holds: moment.result === "found"}]];
        case "picture": return moment.frame && [[moment.frame, `Kept as “${moment.text}”`, null]];
        case "check":
          return moment.frame
            && [[moment.frame, "Checked", {
              regions: moment.regions, holds: moment.holds, unread: moment.unread || [],
              unreadCount: moment.unreadCount, showsUnread: moment.showsUnread,
            }]];
        case "action": {
          const shots = [];
          if (moment.before) shots.push([moment.before, `Before: ${moment.title}`, moment.mark]);
          if (moment.after) shots.push([moment.after, "After", null]);
          return shots.length ? shots : null;
        }
        default: return null;
      }
    }

    /** The moment whose picture says most: the last check, what was not found, the last action, the last one. */
    function telling(step) {
      const shown = step.moments.filter((moment) => stageOf(moment));
      const last = (kind) => shown.findLast((moment) => moment.kind === kind);
      const search = last("looked");
      return last("check") || (isTrouble(step.verdict) && search) || last("action") || last("picture") || shown[shown.length - 1] || null;
    }
    """#
}
