"""How the page a clinician signs looks, on screen and on A4 paper."""

STYLE = """
:root { --ink: #1b2127; --ink-2: #4c5762; --line: #d9dee3; --red: #a8231a; --amber: #855200; --paper: #fff;
  --wash: #f5f7f9; }
* { box-sizing: border-box; }
body { font: 15px/1.6 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: var(--ink);
  max-width: 1040px; margin: 32px auto 64px; padding: 0 24px; font-variant-numeric: tabular-nums; }
header { border-bottom: 2px solid var(--ink); padding-bottom: 16px; }
h1 { font-size: 26px; line-height: 1.3; margin: 0 0 4px; }
h2 { font-size: 20px; margin: 40px 0 12px; padding-bottom: 4px; border-bottom: 1px solid var(--line); }
h2 small, h3 small { font-size: 13px; font-weight: 400; color: var(--ink-2); margin-left: 8px; }
h3 { font-size: 16px; margin: 16px 0 4px; } p { margin: 4px 0; }
.meta { color: var(--ink-2); }
.draft { color: var(--amber); font-weight: 600; border: 1px dashed currentColor; border-radius: 4px; padding: 0 8px; }
.signed { color: #1e6b3a; font-weight: 600; }
dl { display: grid; grid-template-columns: 5em 1fr; gap: 4px 16px; margin: 16px 0 0; }
dt { color: var(--ink-2); } dd { margin: 0; } dd ul { margin: 0; padding-left: 1.2em; }
nav { margin-top: 16px; display: flex; flex-wrap: wrap; gap: 4px 16px; }
a { color: #1f5fa8; text-decoration: none; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 8px 8px 8px 0; border-bottom: 1px solid var(--line); }
th { color: var(--ink-2); font-weight: 500; font-size: 13px; white-space: nowrap; }
td:nth-child(2) { min-width: 16em; } .phrases th:first-child { width: 38%; }
td:first-child { font-weight: 600; min-width: 7em; } td.said { font-weight: 400; }
.form { color: var(--ink-2); font-size: 13px; margin-right: 4px; }
.red-word { color: var(--red); font-weight: 600; } .yellow-word { color: var(--amber); font-weight: 600; }
.unsigned { color: var(--amber); white-space: nowrap; }
img { display: block; width: 300px; max-width: 100%; border: 1px solid var(--line); }
svg { max-width: 100%; height: auto; display: block; }
svg rect { fill: var(--paper); stroke: #9aa4ad; } svg rect.bar { stroke: none; fill: none; }
svg rect.bar.red { fill: var(--red); } svg rect.bar.yellow { fill: #c58a00; }
svg path { fill: none; stroke: #7b8794; } svg marker path { fill: #7b8794; stroke: none; }
svg text { font-size: 14px; fill: var(--ink); } svg text.label, svg text.why { font-size: 12px; fill: var(--ink-2); }
svg tspan.red { fill: var(--red); font-weight: 600; } svg tspan.yellow { fill: var(--amber); font-weight: 600; }
.sign { margin-top: 16px; display: grid; grid-template-columns: repeat(3, 1fr); gap: 24px 32px; }
.sign span { border-bottom: 1px solid var(--ink-2); height: 40px; color: var(--ink-2); display: flex;
  align-items: flex-end; padding-bottom: 4px; }
@page { size: A4; margin: 16mm; }
@media print { body { margin: 0; max-width: none; padding: 0; font-size: 10.5pt; } nav { display: none; }
  h2, h3 { break-after: avoid; } tr, svg, .sign { break-inside: avoid; } }
"""
