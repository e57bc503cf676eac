extension Page {
  /// Pictures and what is drawn over them.
  static let pictureScript = #"""
    // Pictures of the screen with what happened drawn over them. A drawing has the size of the picture
    // in pixels as its view box, so it grows and shrinks with it.

    /** The address of a picture: `frame` is [number, width, height]. */
    function source(item, frame) {
      return `${item.folder}/${item.blobs[frame[0]]}`;
    }

    /** A picture with marks, which opens in full size. */
    function picture(item, frame, caption, marks) {
      if (!frame) {
        return el("figure.shot.gone", {}, el("div.frame", {}, el("p", {}, "no picture was kept")),
          el("figcaption", {}, caption));
      }
      const image = el("img", {
        src: source(item, frame), width: frame[1], height: frame[2], alt: caption, decoding: "async",
        loading: "lazy",
      });
      const holder = el("button.frame", {type: "button", "aria-label": `${caption}: show in full size`},
        image, drawMarks(frame, marks));
      image.addEventListener("error", () => {
        const words = "this picture is missing from the recording";
        holder.replaceWith(el("div.frame", {}, el("p", {}, words)));
      });
      holder.addEventListener("click", () => zoom(item, frame, caption, marks));
      return el("figure.shot", {}, holder, el("figcaption", {}, caption), unreadSwitch(marks));
    }

    /** What shows and hides the places that were not read, and says why they were not; null without any. */
    function unreadSwitch(marks) {
      if (!marks || !marks.unread || !marks.unread.length) return null;
      const causes = new Map();
      for (const [, , , , cause] of marks.unread) causes.set(cause, (causes.get(cause) || 0) + 1);
      const left = marks.unreadCount - marks.unread.length;
      const legend = el("ul.legend.unread", {hidden: !marks.showsUnread},
        ...[...causes].map(([cause, count]) => el("li", {}, count > 1 ? `${cause} × ${count}` : cause)),
        left > 0 ? el("li", {}, `${left} smaller, not drawn`) : null);
      const button = el("button.switch", {
        type: "button", "aria-pressed": String(!!marks.showsUnread),
        title: "Show or hide the places that were not read",
      }, el("span.swatch", {"aria-hidden": "true"}),
        `Not read: ${counted(marks.unreadCount, "place", "places")}`);
      const row = el("div.layer", {}, button, legend);
      button.addEventListener("click", () => {
        marks.showsUnread = !marks.showsUnread;
        button.setAttribute("aria-pressed", String(marks.showsUnread));
        // The enlarged part beside the picture shows them too.
        for (const layer of row.closest("figure").parentElement.querySelectorAll(".unread")) {
          layer.toggleAttribute("hidden", !marks.showsUnread);
        }
      });
      return row;
    }

    /** The places that were not read, each with its cause as a hint. */
    function drawUnread(marks) {
      if (!marks.unread || !marks.unread.length) return null;
      const places = marks.unread.flatMap(([x, y, width, height, cause]) => {
        const hint = svg("title");
        hint.textContent = `Not read: ${cause}`;
        const [halo, line] = doubled("rect", around(x, y, width, height), "place");
        line.append(hint);
        return [halo, line];
      });
      const layer = svg("g", {class: "unread"}, ...places);
      layer.toggleAttribute("hidden", !marks.showsUnread);
      return layer;
    }

    /** The part of a picture with its marks, enlarged; null when they are all over it, or there are none. */
    function closeUp(item, frame, marks) {
      const boxes = (marks && (marks.regions || (marks.box ? [marks.box] : []))) || [];
      if (!frame || !boxes.length) return null;
      const [width, height] = [frame[1], frame[2]];
      const left = Math.min(...boxes.map((box) => box[0]));
      const top = Math.min(...boxes.map((box) => box[1]));
      const right = Math.max(...boxes.map((box) => box[0] + box[2]));
      const bottom = Math.max(...boxes.map((box) => box[1] + box[3]));
      const wide = Math.min(width, Math.max(right - left + 120, 320));
      const high = Math.min(height, Math.max(bottom - top + 80, 120));
      if (wide * high * 5 > width * height * 2) return null;
      const x = Math.max(0, Math.min((left + right - wide) / 2, width - wide));
      const y = Math.max(0, Math.min((top + bottom - high) / 2, height - high));
      const image = svg("image", {href: source(item, frame), width, height});
      const inner = drawMarks(frame, marks);
      const view = svg("svg", {class: "part", viewBox: `${x} ${y} ${wide} ${high}`, role: "img",
        "aria-label": "The place, enlarged"}, image, ...(inner ? [...inner.childNodes] : []));
      return el("figure.shot.near", {}, el("div.frame", {}, view), el("figcaption", {}, "Enlarged"));
    }

    function zoom(item, frame, caption, marks) {
      const dialog = byId("zoom");
      const image = el("img", {
        src: source(item, frame), width: frame[1], height: frame[2], alt: caption,
      });
      dialog.replaceChildren(
        el("div.scroll", {}, el("div.frame", {}, image, drawMarks(frame, marks))),
        el("p", {}, caption, el("button", {type: "button", onclick: () => dialog.close()}, "Close")));
      dialog.showModal();
    }

    byId("zoom").addEventListener("click", (event) => {
      if (event.target === byId("zoom")) byId("zoom").close();
    });

    const around = (x, y, width, height) =>
      ({x: x - 2, y: y - 2, width: width + 4, height: height + 4, rx: 3});

    /** Marks: {points, box, clicks, scroll} of an action, or {regions, holds, unread} of a check. */
    function drawMarks(frame, marks) {
      if (!marks) return null;
      const unit = Math.max(8, frame[1] / 56);
      const layer = drawUnread(marks);
      const shapes = layer ? [layer] : [];
      for (const [x, y, width, height] of marks.regions || []) {
        shapes.push(...doubled("rect", around(x, y, width, height), marks.holds ? "region good" : "region bad"));
      }
      for (const [x, y, width, height] of marks.boxes || (marks.box ? [marks.box] : [])) {
        shapes.push(...doubled("rect", around(x, y, width, height), "target"));
      }
      const points = marks.points || [];
      if (points.length > 1) shapes.push(...drawPath(points, unit));
      else if (points.length === 1) shapes.push(...drawPoint(points[0], marks, unit));
      if (!shapes.length) return null;
      const viewBox = `0 0 ${frame[1]} ${frame[2]}`;
      return svg("svg", {class: "marks", viewBox, "aria-hidden": "true"}, ...shapes);
    }

    /** A shape twice: a pale halo below keeps it visible on every ground. */
    function doubled(tag, attributes, name) {
      return ["halo", "line"].map((layer) => svg(tag, {...attributes, class: `${layer} ${name}`}));
    }

    function drawPoint([x, y], marks, unit) {
      const rings = [];
      for (let ring = 1; ring <= Math.min(3, marks.clicks || 1); ring += 1) {
        rings.push(...doubled("circle", {cx: x, cy: y, r: unit * (0.55 + 0.45 * ring)}, "ring"));
      }
      rings.push(svg("circle", {cx: x, cy: y, r: unit * 0.22, class: "dot"}));
      const directions = {up: [0, -1], down: [0, 1], left: [-1, 0], right: [1, 0]};
      const [dx, dy] = directions[marks.scroll] || [0, 0];
      const at = (length) => [x + dx * unit * length, y + dy * unit * length];
      if (dx || dy) rings.push(...drawPath([at(1.2), at(4)], unit));
      return rings;
    }

    /** A line through points with an arrow head at its end. */
    function drawPath(points, unit) {
      const [endX, endY] = points[points.length - 1];
      const [fromX, fromY] = points[points.length - 2];
      const angle = Math.atan2(endY - fromY, endX - fromX);
      const head = [2.6, -2.6].map((turn) => [
        endX + Math.cos(angle + turn) * unit, endY + Math.sin(angle + turn) * unit,
      ]);
      const text = (list) => list.map((point) => point.map((n) => n.toFixed(1)).join(",")).join(" ");
      return [
        ...doubled("polyline", {points: text(points)}, "path"),
        ...doubled("polyline", {points: text([head[0], [endX, endY], head[1]])}, "path"),
        svg("circle", {cx: points[0][0], cy: points[0][1], r: unit * 0.3, class: "dot"}),
      ];
    }
    """#
}
