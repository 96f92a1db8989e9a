#include "serve/status_style.h"

namespace splitdelivery::serve {

const std::string_view kStatusStyle = R"css(
:root{color-scheme:light dark;--page:#f4f5f7;--card:#fff;--line:#d9dde3;--text:#1b2430;--soft:#515c6b;--link:#0a58ad;
--code:#eef1f5;--needs:#8f3d00;--needs-bg:#fff1de;--needs-line:#d9822b;--trouble:#a01526;--trouble-bg:#fdebed;
--trouble-line:#c9354a;--well:#0b633a;--well-bg:#e2f4ea;--calm:#414d5c;--calm-bg:#e8ecf1}
@media(prefers-color-scheme:dark){:root{--page:#10151b;--card:#192029;--line:#323d4a;--text:#e7ebf0;--soft:#a7b3c1;
--link:#7cb7ff;--code:#10161d;--needs:#ffc07a;--needs-bg:#3a2811;--needs-line:#c47a24;--trouble:#ffa3ad;
--trouble-bg:#3d1a20;--trouble-line:#c2485a;--well:#7fdcaa;--well-bg:#12331f;--calm:#c2ccd8;--calm-bg:#2a333e}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,
"Noto Sans","Liberation Sans",sans-serif;overflow-wrap:anywhere}
.wide{max-width:68rem;margin:0 auto;padding:0 1.25rem}
a{color:var(--link);text-underline-offset:.15em}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:2px}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem;z-index:1}
h1,h2,h3,p,ul,dl,dd,pre,table{margin:0}
h1{font-size:1.75rem;line-height:1.25;letter-spacing:-.01em}
h2{font-size:1.2rem;line-height:1.3}
h3{font-size:1.1rem;line-height:1.3}
ul{padding:0;list-style:none}
.soft{color:var(--soft);font-size:.9rem}
.top{background:var(--card);border-bottom:1px solid var(--line);padding:1.5rem 0 1.25rem}
.brand{color:var(--soft);font-size:.9rem;margin-bottom:.35rem}
.brand b{color:var(--text)}
.totals{display:flex;flex-wrap:wrap;gap:.5rem;margin-top:.9rem}
.badge{display:inline-block;border-radius:999px;padding:.1rem .65rem;font-size:.85rem;font-weight:600;
background:var(--calm-bg);color:var(--calm)}
.badge.needs{background:var(--needs-bg);color:var(--needs)}
.badge.trouble{background:var(--trouble-bg);color:var(--trouble)}
.badge.well{background:var(--well-bg);color:var(--well)}
.pages{display:flex;flex-wrap:wrap;gap:.15rem 1.1rem;margin-top:.9rem;font-size:.9rem}
.pages a{padding:.15rem 0}
section{margin:1.75rem 0}
section>h2{margin-bottom:.7rem}
section>h2+.soft{margin:-.4rem 0 .7rem}
.card{background:var(--card);border:1px solid var(--line);border-left:5px solid var(--line);border-radius:8px;
padding:1rem 1.2rem 1.1rem;margin-bottom:1rem}
.card.needs{border-left-color:var(--needs-line)}
.card.trouble{border-left-color:var(--trouble-line)}
.card>*+*{margin-top:.7rem}
.card .state{margin-top:.45rem;display:flex;flex-wrap:wrap;align-items:center;gap:.3rem .7rem}
.card>h3+.soft{margin-top:0}
.card h4{margin:0 0 .25rem;font-size:.95rem}
.diff li{font-family:ui-monospace,SFMono-Regular,"Liberation Mono",Menlo,monospace;font-size:.88rem;padding:.1rem 0}
.diff .op{display:inline-block;min-width:4.6rem;color:var(--soft)}
pre{background:var(--code);border:1px solid var(--line);border-radius:6px;padding:.55rem .75rem;white-space:pre-wrap;
font:.88rem/1.5 ui-monospace,SFMono-Regular,"Liberation Mono",Menlo,monospace}
p+pre{margin-top:.3rem}
pre code{font:inherit;user-select:all;-webkit-user-select:all}
summary{cursor:pointer;width:fit-content}
details[open] summary{margin-bottom:.35rem}
.remarks li{padding-left:.9rem;border-left:2px solid var(--line);margin-top:.4rem}
.facts{display:flex;flex-wrap:wrap;gap:.15rem 1.4rem;font-size:.9rem}
.facts div{display:flex;gap:.4rem}
.facts dt{color:var(--soft)}
.box{background:var(--card);border:1px solid var(--line);border-radius:8px;overflow:hidden}
.box>p{padding:1rem 1.2rem}
table{width:100%;border-collapse:collapse}
th,td{text-align:left;vertical-align:top;padding:.55rem .9rem;border-top:1px solid var(--line)}
thead th{white-space:nowrap;border-top:0;color:var(--soft);font-size:.85rem;font-weight:600}
tbody th{font-weight:600;width:34%}
th .soft,td .soft{font-weight:400;display:block}
td.n{white-space:nowrap}
meter{width:5rem;vertical-align:middle;margin-right:.4rem}
form{display:flex;flex-wrap:wrap;gap:.4rem .6rem;align-items:center;margin-bottom:.8rem}
input,button{font:inherit;color:inherit;background:var(--card);border:1px solid var(--soft);border-radius:6px;
padding:.3rem .7rem;min-width:0}
input{flex:0 1 18rem}
button{cursor:pointer}
.bottom{border-top:1px solid var(--line);padding:1.1rem 0 2rem;color:var(--soft);font-size:.9rem}
.bottom p+p{margin-top:.3rem}
@media(max-width:40rem){.wide{padding:0 .9rem}h1{font-size:1.4rem}.card{padding:.85rem .9rem}
table,tbody,tr,th,td{display:block}
tbody th{width:auto}
thead{position:absolute;left:-999rem}
tr{border-top:1px solid var(--line);padding:.6rem .9rem}
tbody tr:first-child{border-top:0}
th,td{border:0;padding:.1rem 0}
td::before{content:attr(data-label) ": ";color:var(--soft);font-size:.85rem}
td.bare::before{content:none}
td.n{white-space:normal}}
@media print{.pages,form{display:none}.card{break-inside:avoid}}
)css";

}  // namespace splitdelivery::serve
