"""The report's style sheet: light and dark by the reader's preference, nothing loaded from elsewhere."""

CSS = """
:root { color-scheme: light dark; --ink: #1c2126; --soft: #5b6670; --paper: #fbfaf7; --card: #ffffff; --line: #e2e0da;
  --accent: #2563c9; --mark: #f08c00; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8ea; --soft: #9aa5ae; --paper: #14171a; --card: #1c2024; --line: #32383e; --accent: #7aa8f0; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, "Segoe UI", "Noto Sans",
  "DejaVu Sans", sans-serif; }
main { max-width: 74rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .3rem; text-wrap: balance; }
h2 { font-size: 1.25rem; margin: 2.8rem 0 .8rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 0 0 .6rem; color: var(--soft); font-weight: 600; }
p { max-width: 44rem; }
.lead, .note { color: var(--soft); }
.lead { margin: 0 0 1.6rem; }
.note { font-size: .88rem; }
.tiles { display: flex; flex-wrap: wrap; gap: .9rem; margin: 1.2rem 0; }
.tile { flex: 1 1 9rem; background: var(--card); border: 1px solid var(--line); border-radius: .6rem;
  padding: .8rem 1rem; }
.tile b { display: block; font-size: 1.7rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.tile span { color: var(--soft); font-size: .85rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; width: 100%; }
caption { text-align: left; color: var(--soft); font-size: .88rem; padding-bottom: .4rem; }
th, td { text-align: right; padding: .4rem .7rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
th { font-weight: 600; }
td small { color: var(--soft); }
details { margin: .8rem 0; }
summary { cursor: pointer; color: var(--accent); }
code { font: .82rem/1.5 ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
figure { margin: 0; }
svg { display: block; height: auto; }
svg text { font-family: system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif !important; }
.plot svg { max-width: 100%; }
article { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1.1rem 1.25rem;
  margin: 0 0 1.2rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.1rem; margin: 0 0 1rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
dd.answer { font-weight: 600; }
.seen { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 1rem 2rem; }
.seen figure { min-width: 0; }
.measures { grid-template-columns: max-content max-content; font-size: .88rem; margin: 0; }
.measures dd { text-align: right; font-variant-numeric: tabular-nums; }
@media (max-width: 36rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } }
"""
