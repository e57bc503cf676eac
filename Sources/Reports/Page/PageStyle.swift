extension Page {
  /// Colours, the head of the page, the list of cases, and the dialogs.
  static let style = #"""
    :root {
      color-scheme: light dark;
      --ground: #f4f5f8; --panel: #ffffff; --raised: #f8f9fb; --ink: #171a21;
      --soft: #565e6d; --line: #dde1e9;
      --accent: #3a4fd0; --accent-soft: #e9ecfc; --mark: #e4007c; --halo: #ffffff;
      --good: #146c43; --good-soft: #e5f4ec; --good-fill: #2f9e69;
      --bad: #b4232a; --bad-soft: #fdecec; --bad-fill: #dc4a50;
      --error: #8f4700; --error-soft: #fdf0e1; --error-fill: #c4701a;
      --flaky: #6a3fb5; --flaky-soft: #f1ebfc; --flaky-fill: #8f67d6;
      --idle: #565e6d; --idle-soft: #eceef2; --idle-fill: #7a8495;
      --shadow: 0 1px 2px rgb(20 25 40 / 6%), 0 4px 16px rgb(20 25 40 / 5%);
      --sans: system-ui, "Segoe UI", Roboto, Cantarell, "Noto Sans", "DejaVu Sans", sans-serif;
      --mono: ui-monospace, "SF Mono", "Cascadia Mono", "Noto Sans Mono", "DejaVu Sans Mono", monospace;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --ground: #101216; --panel: #181b21; --raised: #1e222a; --ink: #e8eaef;
        --soft: #a3abba; --line: #2d323c;
        --accent: #95a5ff; --accent-soft: #262d4d; --halo: #14161b;
        --good: #6fd3a2; --good-soft: #16301f; --good-fill: #2f9e69;
        --bad: #ff9a9c; --bad-soft: #3a191c; --bad-fill: #e0565b;
        --error: #ffb86b; --error-soft: #37240f; --error-fill: #c4701a;
        --flaky: #c9aefc; --flaky-soft: #2b2144; --flaky-fill: #8f67d6;
        --idle: #a3abba; --idle-soft: #262a33; --idle-fill: #6d7686;
        --shadow: 0 0 transparent;
      }
    }

    * { box-sizing: border-box; }
    body {
      margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 var(--sans);
    }
    h1, h2, h3, p, dl, dd, ol, figure { margin: 0; padding: 0; }
    ol { list-style: none; }
    button, input { font: inherit; color: inherit; }
    button { cursor: pointer; }
    code, pre, kbd { font: 13px/1.5 var(--mono); }
    pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
    small { font-size: 12.5px; color: var(--soft); font-weight: 400; }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    [hidden] { display: none !important; }
    .hidden, .skip:not(:focus) {
      position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
    }
    .symbols { position: absolute; }
    .drawing {
      width: 1em; height: 1em; fill: none; stroke: currentcolor; stroke-width: 2;
      stroke-linecap: round; stroke-linejoin: round;
    }

    .v-passed { --tone: var(--good); --tint: var(--good-soft); --fill: var(--good-fill); }
    .v-failed, .v-timedOut {
      --tone: var(--bad); --tint: var(--bad-soft); --fill: var(--bad-fill);
    }
    .v-error { --tone: var(--error); --tint: var(--error-soft); --fill: var(--error-fill); }
    .v-flaky { --tone: var(--flaky); --tint: var(--flaky-soft); --fill: var(--flaky-fill); }
    .v-skipped, .v-interrupted {
      --tone: var(--idle); --tint: var(--idle-soft); --fill: var(--idle-fill);
    }
    .icon {
      display: inline-grid; place-items: center; width: 20px; height: 20px; border-radius: 50%;
      background: var(--tint); color: var(--tone); flex: none; font-size: 12px;
      vertical-align: -4px;
    }
    .pill {
      display: inline-flex; align-items: center; gap: 5px; padding: 1px 10px 1px 3px;
      border-radius: 99px; background: var(--tint); color: var(--tone); font-size: 13px;
      font-weight: 600; white-space: nowrap;
    }
    .pill:not(:has(.icon)) { padding-inline-start: 10px; }

    /* The head of the page. */
    #top {
      display: grid; grid-template-columns: 1fr auto; gap: 14px 32px; align-items: center;
      padding: 22px 28px 16px; background: var(--panel); border-bottom: 1px solid var(--line);
    }
    .lead { display: flex; gap: 16px; align-items: center; }
    .badge {
      display: grid; place-items: center; width: 52px; height: 52px; border-radius: 50%;
      background: var(--fill); flex: none;
    }
    .badge .icon { background: none; color: #fff; width: 100%; height: 100%; font-size: 30px; }
    h1 { font-size: 25px; line-height: 1.25; letter-spacing: -0.01em; font-weight: 650; }
    .lead p { color: var(--soft); }
    .rerun {
      display: grid; grid-template-columns: auto auto; gap: 3px 10px; align-items: center;
      justify-content: end;
    }
    .rerun span { grid-column: 1 / -1; font-size: 13px; color: var(--soft); }
    .rerun code {
      background: var(--raised); border: 1px solid var(--line); border-radius: 7px;
      padding: 5px 10px; max-width: 52ch; overflow-wrap: anywhere;
    }
    .share { grid-column: 1 / -1; display: flex; gap: 3px; height: 8px; }
    .share span { background: var(--fill); border-radius: 4px; min-width: 8px; }
    .facts {
      grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 6px 30px; font-size: 13.5px;
    }
    .facts div { min-width: 0; }
    .facts dt { color: var(--soft); font-size: 12.5px; }
    .facts dd { overflow-wrap: anywhere; }
    #warnings p {
      display: flex; gap: 8px; align-items: center; padding: 9px 28px;
      background: var(--error-soft); color: var(--error); border-bottom: 1px solid var(--line);
    }
    #warnings .icon { --tint: none; --tone: var(--error); }

    /* Buttons. */
    .copy, .tabs button, .switch, .chip, #foot button, dialog button {
      display: inline-flex; align-items: center; gap: 6px; border: 1px solid var(--line);
      background: var(--panel); border-radius: 7px; padding: 4px 11px; font-size: 13.5px;
    }
    .copy:hover, .tabs button:hover, .switch:hover, .chip:hover, #foot button:hover,
    dialog button:hover { border-color: var(--accent); }
    .copy.done { color: var(--good); border-color: var(--good); }

    /* The list of cases. */
    main {
      display: grid; grid-template-columns: minmax(260px, 350px) minmax(0, 1fr);
      align-items: start;
    }
    #side {
      position: sticky; top: 0; max-height: 100vh; display: flex; flex-direction: column;
      gap: 10px; padding: 16px 14px 16px 20px;
    }
    #filter {
      width: 100%; padding: 8px 12px; border: 1px solid var(--line); border-radius: 9px;
      background: var(--panel);
    }
    #filter::placeholder { color: var(--soft); opacity: 1; }
    #chips { display: flex; flex-wrap: wrap; gap: 6px; }
    .chip { padding: 1px 10px 1px 3px; border-radius: 99px; font-size: 13px; }
    .chip[aria-pressed="true"] {
      background: var(--tint); border-color: var(--tone); color: var(--tone);
    }
    #cases { overflow-y: auto; display: flex; flex-direction: column; gap: 2px; padding: 2px; }
    #cases li { content-visibility: auto; contain-intrinsic-size: auto 58px; flex: none; }
    #cases a {
      display: grid; grid-template-columns: 20px minmax(0, 1fr) auto; gap: 10px;
      padding: 8px 10px; border-radius: 9px; color: inherit; text-decoration: none;
    }
    #cases a:hover { background: var(--panel); }
    #cases a[aria-current] {
      background: var(--panel); box-shadow: inset 3px 0 0 var(--accent), var(--shadow);
    }
    #cases .name {
      font-weight: 550; line-height: 1.35; overflow-wrap: anywhere; display: -webkit-box;
      -webkit-box-orient: vertical; -webkit-line-clamp: 4; overflow: hidden;
    }
    #cases small {
      display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
    }
    #cases .took { text-align: end; font-size: 13px; color: var(--soft); white-space: nowrap; }
    #cases .took .v-flaky { color: var(--tone); }
    #none { color: var(--soft); padding: 8px 12px; }

    /* Foot and dialogs. */
    #foot {
      display: flex; justify-content: space-between; align-items: center; padding: 14px 28px;
      border-top: 1px solid var(--line); color: var(--soft); font-size: 13px;
    }
    kbd {
      border: 1px solid var(--line); border-bottom-width: 2px; border-radius: 4px;
      padding: 0 6px; background: var(--raised);
    }
    dialog {
      border: 1px solid var(--line); border-radius: 12px; background: var(--panel);
      color: var(--ink); padding: 18px 22px; max-width: min(96vw, 640px);
    }
    dialog::backdrop { background: rgb(10 12 18 / 60%); }
    dialog h2 { font-size: 16px; margin: 4px 0 6px; }
    dialog dl div {
      display: grid; grid-template-columns: 110px 1fr; gap: 10px; padding: 3px 0;
    }
    dialog p {
      display: flex; justify-content: space-between; align-items: center; gap: 16px;
      margin-top: 10px;
    }
    #zoom { max-width: 96vw; max-height: 96vh; width: fit-content; padding: 12px; }
    #zoom .scroll { max-height: 84vh; overflow: auto; }
    #zoom .frame { width: fit-content; }
    #zoom .frame img { width: auto; max-width: none; }
    """#

  /// What depends on the medium; it comes last.
  static let mediumStyle = #"""
    @media (max-width: 900px) {
      main, #top, .card { grid-template-columns: minmax(0, 1fr); }
      #side { position: static; max-height: 46vh; padding: 14px; }
      #detail { padding: 14px; }
      #top { padding: 16px 14px; }
      .rerun { justify-content: start; }
      .stage, .stage.single, .scene:has(.single:not([hidden])) {
        grid-template-columns: minmax(0, 1fr);
      }
      .step > summary { grid-template-columns: 20px auto minmax(0, 1fr) auto; }
      .track { display: none; }
      .moment { grid-template-columns: 78px minmax(0, 1fr); }
      .at { display: none; }
    }
    @media (prefers-reduced-motion: no-preference) {
      #cases a, .step > summary, .copy {
        transition: background-color 0.12s, border-color 0.12s;
      }
    }
    @media print {
      :root { --ground: #fff; --shadow: 0 0 transparent; }
      #side, .tools, .copy, #foot, .film, .skip { display: none !important; }
      main { display: block; }
      #detail { padding: 12px 0; }
      .step, .card, .moment { break-inside: avoid; }
      .step { border-color: #999; }
      .stage, .stage.single { grid-template-columns: 45% 45%; }
      * { print-color-adjust: exact; }
    }
    """#
}
