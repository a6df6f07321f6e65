namespace SeqCore.Samples.Common;

/// <summary>The style of pages.</summary>
internal static class HtmlStyle
{
    /// <summary>The style sheet, without that of charts.</summary>
    public const string Css = """
        :root{color-scheme:light dark}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0 auto;padding:16px;max-width:1180px;background:var(--ground);color:var(--ink);overflow-wrap:break-word;
          font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif}
        h1{font-size:1.7rem;line-height:1.2;margin:.4em 0 .5em}
        h2{font-size:1.3rem;line-height:1.25;margin:2em 0 .4em;padding-top:.8em;border-top:1px solid var(--grid)}
        h3{font-size:1.08rem;margin:1.6em 0 .3em}
        p,li{max-width:72ch}
        p{margin:.6em 0}
        a{color:var(--s0)}
        code,pre{font:.9em ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
        pre{background:var(--raised);padding:10px 12px;border-radius:6px}
        .scroll,pre{overflow-x:auto;max-width:100%}
        .scroll{margin:.8em 0;
          background:linear-gradient(to right,var(--ground) 40%,transparent) left/36px 100% no-repeat local,
          linear-gradient(to left,var(--ground) 40%,transparent) right/36px 100% no-repeat local,
          linear-gradient(to right,color-mix(in srgb,var(--ink) 30%,transparent),transparent) left/14px 100% no-repeat scroll,
          linear-gradient(to left,color-mix(in srgb,var(--ink) 30%,transparent),transparent) right/14px 100% no-repeat scroll}
        table{border-collapse:collapse;font-size:.92rem;font-variant-numeric:tabular-nums}
        th,td{padding:5px 12px 5px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--grid)}
        th{font-weight:600;color:var(--soft);white-space:nowrap;vertical-align:bottom}
        .number{text-align:right;white-space:nowrap}
        .time{white-space:nowrap}
        td.long{min-width:13em}
        table:not(.prose) td:first-child:not(.long){white-space:nowrap}
        figure{margin:1.2em 0}
        figcaption{color:var(--soft);font-size:.92rem;max-width:72ch;margin-top:.3em}
        figure svg{max-width:100%;height:auto}
        .wide svg,.medium svg,.narrow svg{width:100%}
        .medium,.narrow{display:none}
        @media (max-width:820px){.wide{display:none}.medium{display:block}}
        @media (max-width:480px){.medium{display:none}.narrow{display:block}}
        @media (max-width:640px){body{padding:12px 16px}
          h1{font-size:1.4rem}h2{font-size:1.18rem}
          .prose,.prose tbody,.prose tr,.prose td{display:block}.prose thead{display:none}
          .prose tr{padding:8px 0;border-bottom:1px solid var(--grid)}
          .prose td{border:0;padding:2px 0;text-align:left;white-space:normal}
          .prose td::before{content:attr(data-column);display:block;color:var(--soft);font-size:.84rem}}
        .maps{display:flex;flex-wrap:wrap;gap:8px 22px;align-items:flex-start}
        .maps figure{margin:.4em 0;max-width:100%}
        .maps figcaption{margin:0 0 .1em}
        .maps .scroll{margin:0}
        .scroll svg{max-width:none}
        .thumbnails{display:flex;flex-wrap:wrap;gap:6px;align-items:center;margin:6px 0}
        .thumbnails span{min-width:5em;color:var(--soft);font-size:.88rem}
        .thumbnails a{line-height:0}
        .words{line-height:2}
        .words b{color:var(--soft);font-weight:600;font-size:.88rem}
        .words span{padding:2px 1px;border-radius:3px}
        sup{font-size:.75em;line-height:0}
        .yes{--verdict:var(--s2)}.partly{--verdict:var(--s4)}.no{--verdict:var(--s6)}.unknown{--verdict:var(--s7)}
        .headline{display:flex;flex-wrap:wrap;gap:8px;max-width:none}
        .headline a{padding:6px 14px;border:2px solid var(--verdict);border-radius:6px;color:var(--ink);text-decoration:none}
        .headline b{color:var(--verdict)}
        .statement{margin:12px 0;padding:2px 14px;background:var(--raised);border-left:5px solid var(--verdict);
          border-radius:0 6px 6px 0;max-width:86ch}
        .statement p{margin:.5em 0}
        .statement b{color:var(--verdict);margin-right:.4em}
        .statement dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(15em,1fr));gap:4px 20px;margin:.4em 0}
        .statement dt{color:var(--soft);font-size:.84rem}
        .statement dd{margin:0}
        .note{color:var(--soft);font-size:.88rem}

        """;
}
