/** The page's colours are those of the fan pages by day: contrast of text at least 4.5. */
export const STYLE = `
:root { color-scheme: light; --ground: #f5f4f0; --surface: #fff; --ink: #17191c; --soft: #55595f; --line: #dcd9d1;
  --good: #095440; --good-soft: #e3f1ec; --bad: #a3201d; --bad-soft: #fdeae8; --warn: #7a4b00; --warn-soft: #fdf1d9; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif; }
h1 { margin: .25rem 0; font-size: 1.75rem; line-height: 1.2; }
h2 { margin: 2rem 0 .75rem; font-size: 1.2rem; }
p { margin: .25rem 0; max-width: 46rem; }
a { color: #1f5fd6; }
code { font-size: .875em; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.outcome { display: inline-block; margin: .5rem 0; padding: .25rem .9rem; border-radius: 99px; font-weight: 700;
  background: var(--warn-soft); color: var(--warn); }
.outcome.kept { background: var(--good-soft); color: var(--good); }
.outcome.broken { background: var(--bad-soft); color: var(--bad); }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: .75rem; margin: 0; }
.tiles div { display: flex; flex-direction: column; justify-content: space-between; padding: .75rem; border: 1px solid var(--line);
  border-radius: 10px; background: var(--surface); }
.tiles dt { color: var(--soft); font-size: .875rem; line-height: 1.3; }
.tiles dd { margin: .25rem 0 0; font-size: 1.35rem; font-weight: 650; font-variant-numeric: tabular-nums; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); gap: 1rem; }
figure { margin: 0; padding: .75rem; border: 1px solid var(--line); border-radius: 10px; background: var(--surface); }
figure svg { display: block; width: 100%; height: auto; }
figcaption { margin-bottom: .5rem; color: var(--soft); font-size: .9rem; }
figcaption strong { display: block; color: var(--ink); font-size: 1rem; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 10px; background: var(--surface); }
.scroll:focus-visible, a:focus-visible { outline: 3px solid #1f5fd6; outline-offset: 2px; }
table { width: 100%; border-collapse: collapse; font-size: .9375rem; font-variant-numeric: tabular-nums; }
th, td { padding: .5rem .75rem; overflow-wrap: anywhere; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
tbody tr:last-child td { border-bottom: 0; }
th { color: var(--soft); font-weight: 600; white-space: nowrap; }
td .pass, td .fail, td .null { white-space: nowrap; font-weight: 650; }
ul.fail { margin: .5rem 0; padding-left: 1.25rem; overflow-wrap: anywhere; }
.pass { color: var(--good); } .fail { color: var(--bad); } .null { color: var(--warn); }
.rows { margin: 0; padding: .25rem .75rem; border: 1px solid var(--line); border-radius: 10px; background: var(--surface); }
.rows div { display: grid; grid-template-columns: minmax(7rem, 14rem) 1fr; gap: .75rem; padding: .4rem 0; border-bottom: 1px solid var(--line); }
.rows div:last-child { border-bottom: 0; }
.rows dt { color: var(--soft); } .rows dd { margin: 0; overflow-wrap: anywhere; }
@media print { body { max-width: none; background: #fff; } figure, .tiles div { break-inside: avoid; } }
`;
