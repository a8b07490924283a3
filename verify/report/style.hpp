#pragma once

namespace flowproof {

/// Style of the HTML report: light and dark, readable on a telephone, no fonts from elsewhere.
inline constexpr const char* report_style = R"css(
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --band: #f6f8fa;
  --good: #1a7f37; --fair: #0b6e75; --fall: #7a3fb0; --warn: #8a6100; --bad: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #0f141a; --ink: #e3e8ee; --soft: #9aa5b1; --line: #333c46; --band: #171e26;
    --good: #56d364; --fair: #4fc3cd; --fall: #c79bf2; --warn: #e3b341; --bad: #ff8a80;
  }
}
body {
  margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 66rem; background: var(--paper);
  color: var(--ink); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", sans-serif;
  overflow-wrap: break-word;
}
h1 { font-size: 1.7rem; } h2 { font-size: 1.3rem; margin-top: 2.5rem; }
h2, h3 { border-bottom: 1px solid var(--line); padding-bottom: .25rem; }
h3 { font-size: 1.05rem; margin-top: 2.2rem; }
a { color: inherit; text-decoration-color: var(--soft); text-underline-offset: .15em; }
code, pre { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
code { font-size: .88em; }
pre { background: var(--band); border: 1px solid var(--line); border-radius: 6px;
      padding: .7rem .9rem; white-space: pre-wrap; overflow-wrap: anywhere; }
table { display: block; width: 100%; overflow-x: auto; border-collapse: collapse;
        font-size: .92rem; }
th, td { border-bottom: 1px solid var(--line); padding: .4rem .7rem .4rem 0; text-align: left;
         vertical-align: top; min-width: 4.5rem; }
th { color: var(--soft); font-weight: 600; }
td code { overflow-wrap: anywhere; }
td a code { white-space: nowrap; }
math[display="block"] { display: block; overflow-x: auto; padding: .3rem 0; }
figure { margin: 1.2rem 0; }
figure img, p img { max-width: 100%; height: auto; border-radius: 6px; background: #ffffff; }
figcaption { color: var(--soft); font-size: .9rem; }
.outcome { font-weight: 650; white-space: nowrap; }
.proved, .certified { color: var(--good); }
.supported { color: var(--fair); }
.refuted, .contradicted { color: var(--fall); }
.undecided { color: var(--warn); }
.error { color: var(--bad); }
.not-run { color: var(--soft); font-weight: 400; }
@media (max-width: 40rem) {
  body { padding: 1rem .7rem 3rem; }
  table { font-size: .85rem; }
}
@media print { body { max-width: none; } h3 { break-after: avoid; } }
)css";

} // namespace flowproof
