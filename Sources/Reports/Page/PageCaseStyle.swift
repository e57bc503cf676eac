extension Page {
  /// One case: its card, pictures, film and steps.
  static let caseStyle = #"""
    /* One case. */
    #detail {
      padding: 16px 28px 40px 10px; display: flex; flex-direction: column; gap: 14px;
      min-width: 0; outline: none;
    }
    header.case .title { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: center; }
    h2 { font-size: 20px; line-height: 1.3; font-weight: 650; overflow-wrap: anywhere; }
    .meta {
      display: flex; flex-wrap: wrap; gap: 4px 14px; align-items: center; color: var(--soft);
      font-size: 13.5px; margin-top: 4px; overflow-wrap: anywhere;
    }
    .tag {
      border: 0; background: var(--accent-soft); color: var(--accent); border-radius: 99px;
      padding: 0 9px; font-size: 13px; overflow-wrap: anywhere;
    }
    .property b { font-weight: 600; }
    .description { margin-top: 8px; max-width: 75ch; white-space: pre-line; }
    .tools { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 10px; }
    .card {
      display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 46%); gap: 20px;
      padding: 16px 18px; background: var(--panel); border: 1px solid var(--line);
      border-inline-start: 4px solid var(--fill); border-radius: 10px;
      box-shadow: var(--shadow);
    }
    .card .why:only-child { grid-column: 1 / -1; }
    .why {
      display: flex; flex-direction: column; gap: 8px; min-width: 0; overflow-wrap: anywhere;
    }
    .why h3 {
      display: flex; gap: 8px; font-size: 16px; line-height: 1.4; font-weight: 600;
      white-space: pre-line;
    }
    .why h3 .icon { margin-top: 1px; }
    .check { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 2px 14px; }
    .check dt { color: var(--soft); font-size: 13.5px; }
    .check dd { overflow-wrap: anywhere; white-space: pre-wrap; }
    .check .icon { width: 17px; height: 17px; font-size: 10px; vertical-align: -3px; }
    .check.bad dd:nth-of-type(2) { color: var(--bad); }
    .tabs { display: flex; flex-wrap: wrap; gap: 8px; }
    .tabs button { padding: 4px 12px 4px 5px; border-radius: 9px; }
    .tabs [aria-pressed="true"] { border-color: var(--accent); background: var(--accent-soft); }
    .attempt { display: flex; flex-direction: column; gap: 14px; min-width: 0; }

    /* Pictures. */
    .frame {
      display: block; position: relative; padding: 0; border: 1px solid var(--line);
      border-radius: 6px; overflow: hidden; background: var(--raised); width: 100%;
      line-height: 0;
    }
    button.frame { cursor: zoom-in; }
    .frame img { width: 100%; height: auto; display: block; }
    .frame p {
      line-height: 1.4; padding: 22px 14px; color: var(--soft); text-align: center;
      font-size: 13px;
    }
    .shots { display: flex; flex-direction: column; gap: 10px; min-width: 0; }
    .part { display: block; width: 100%; height: auto; }
    .part * {
      fill: none; vector-effect: non-scaling-stroke; stroke-linecap: round; stroke-linejoin: round;
    }
    .part .line { stroke: var(--mark); stroke-width: 2.5px; }
    .part .halo { stroke: #fff; stroke-width: 6px; stroke-opacity: 0.85; }
    .part .line.good { stroke: #18865a; }
    .part .line.bad { stroke: #d3222a; }
    .marks { position: absolute; inset: 0; width: 100%; height: 100%; overflow: visible; }
    .marks * {
      fill: none; vector-effect: non-scaling-stroke; stroke-linecap: round;
      stroke-linejoin: round;
    }
    .marks .line { stroke: var(--mark); stroke-width: 2.5px; }
    .marks .halo { stroke: #fff; stroke-width: 6px; stroke-opacity: 0.85; }
    .marks .target { stroke-dasharray: 5 4; }
    .marks .halo.target { stroke-dasharray: none; stroke-opacity: 0.7; }
    .marks .line.good { stroke: #18865a; }
    .marks .line.bad { stroke: #d3222a; }
    .marks .dot { fill: var(--mark); stroke: #fff; stroke-width: 1.5px; }
    .part .unread .line, .marks .unread .line {
      stroke: #1d5fd6; stroke-width: 2px; stroke-dasharray: 2 4; fill: rgb(29 95 214 / 20%);
    }
    .part .unread .halo, .marks .unread .halo { stroke-width: 4px; stroke-opacity: 0.75; }
    .layer {
      display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; margin-top: 6px;
    }
    .switch { padding: 2px 10px 2px 8px; }
    .switch[aria-pressed="true"] { border-color: var(--accent); background: var(--accent-soft); }
    .swatch {
      width: 16px; height: 11px; border: 2px dotted #1d5fd6; border-radius: 3px;
      background: #dde7fa;
    }
    .legend {
      display: flex; flex-wrap: wrap; gap: 2px 14px; margin: 0; padding: 0; list-style: none;
      color: var(--soft); font-size: 13px; line-height: 1.5; overflow-wrap: anywhere;
    }
    figcaption {
      color: var(--soft); font-size: 13px; margin-top: 4px; overflow-wrap: anywhere;
    }
    .film { display: flex; gap: 8px; overflow-x: auto; padding: 3px 3px 8px; }
    .film li { flex: none; }
    .cell {
      display: block; width: 148px; padding: 0; border: 0; background: none; text-align: start;
      border-bottom: 3px solid var(--fill); border-radius: 6px;
    }
    .cell .frame { border-radius: 6px 6px 0 0; border-bottom: 0; }
    .cell .line { stroke-width: 1.5px; }
    .cell .halo { stroke-width: 3.5px; }
    .cell:hover .frame { border-color: var(--accent); }
    .when {
      display: flex; justify-content: space-between; padding: 1px 4px 2px; font-size: 12px;
      color: var(--soft);
    }
    .when b { color: var(--ink); }

    /* Steps. */
    .steps { display: flex; flex-direction: column; gap: 4px; }
    .group { font-size: 13px; color: var(--soft); font-weight: 600; padding: 8px 2px 2px; }
    .step { background: var(--panel); border: 1px solid var(--line); border-radius: 9px; }
    .step > summary {
      display: grid; grid-template-columns: 20px auto minmax(0, 1fr) 130px 64px; gap: 10px;
      align-items: center; padding: 7px 12px; cursor: pointer; list-style: none;
      border-radius: 9px;
    }
    .step > summary::-webkit-details-marker { display: none; }
    .step > summary:hover { background: var(--raised); }
    .step[open] > summary { border-bottom: 1px solid var(--line); border-radius: 9px 9px 0 0; }
    .step .number {
      color: var(--soft); font-size: 13px; font-variant-numeric: tabular-nums; min-width: 2ch;
      text-align: end;
    }
    .step .name { overflow-wrap: anywhere; }
    .step[open] .name { font-weight: 600; }
    .step .took {
      text-align: end; color: var(--soft); font-size: 13px; font-variant-numeric: tabular-nums;
      white-space: nowrap;
    }
    .track { height: 6px; border-radius: 3px; background: var(--idle-soft); overflow: hidden; }
    .bar { display: block; height: 100%; border-radius: 3px; background: var(--idle-fill); }
    .lane {
      display: inline-block; margin-inline-start: 8px; padding: 0 8px; border-radius: 99px;
      font-size: 12px; font-weight: 500; background: var(--idle-soft); color: var(--idle);
      white-space: nowrap;
    }
    .what .lane { margin-inline-start: 0; }
    .shown .lane { background: var(--panel); }
    .lane.l-local { background: var(--good-soft); color: var(--good); }
    .lane.l-model { background: var(--accent-soft); color: var(--accent); }
    .bar.l-local { background: var(--good-fill); }
    .bar.l-model { background: var(--accent); }
    .body { display: flex; flex-direction: column; gap: 12px; padding: 14px 16px; }
    .output { margin-top: 12px; }
    .output summary { cursor: pointer; }
    .output pre {
      margin-top: 6px; max-height: 24em; overflow: auto; overflow-wrap: anywhere;
      white-space: pre-wrap;
    }
    .reason { color: var(--bad); overflow-wrap: anywhere; white-space: pre-line; }
    .stage { display: grid; grid-template-columns: 1fr 1fr; gap: 14px; }
    .stage.single { grid-template-columns: minmax(0, 1fr); }
    .scene { display: flex; flex-direction: column; gap: 12px; min-width: 0; }
    .scene:has(.single:not([hidden])) {
      display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); gap: 18px;
      align-items: start;
    }
    .story { display: flex; flex-direction: column; }
    .story.outside { color: var(--soft); }
    .moment {
      display: grid; grid-template-columns: 62px 82px minmax(0, 1fr); gap: 10px;
      padding: 5px 6px; border-top: 1px solid var(--line);
    }
    .moment:first-child { border-top: 0; }
    .moment.shown { background: var(--accent-soft); border-radius: 6px; }
    .at {
      color: var(--soft); font-size: 13px; font-variant-numeric: tabular-nums; text-align: end;
      padding-top: 1px;
    }
    .label { font-weight: 600; font-size: 13.5px; text-align: start; }
    button.label {
      border: 0; background: none; padding: 0; color: var(--accent);
      text-decoration: underline; text-underline-offset: 3px; text-decoration-thickness: 1px;
      align-self: start;
    }
    .what { min-width: 0; overflow-wrap: anywhere; }
    .what q {
      quotes: none; border-inline-start: 3px solid var(--line); padding-inline-start: 8px;
      display: inline-block; white-space: pre-wrap;
    }
    .moment p.bad, .m-fault .what { color: var(--bad); }
    .m-warning .what { color: var(--error); }
    .thought { color: var(--soft); font-style: italic; white-space: pre-wrap; }
    .reply { display: flex; flex-direction: column; gap: 4px; }
    .call {
      background: var(--raised); border: 1px solid var(--line); border-radius: 6px;
      padding: 3px 8px;
    }
    .cost, .looks { color: var(--soft); font-size: 13px; }
    .told { margin-top: 4px; font-size: 13.5px; }
    .told summary { cursor: pointer; color: var(--accent); }
    .told pre {
      background: var(--raised); border-radius: 6px; padding: 6px 9px; margin: 2px 0 6px;
      max-height: 320px; overflow: auto;
    }
    """#
}
