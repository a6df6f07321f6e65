using System.Text.RegularExpressions;
using SeqCore.Samples.Common;

namespace SeqCore.Tests.Samples.Common;

public class HtmlPageTests
{
    [Fact]
    public void Everything_put_into_a_page_is_escaped()
    {
        const string Nasty = "<script>alert('a & b')</script>";
        var page = new HtmlPage(Nasty);
        page.Heading(Nasty);
        page.Paragraph(Nasty);
        page.List(Nasty);
        page.Listing(Nasty);
        page.Table([Nasty], [Nasty]);
        page.Chart(new LineChart(new ChartAxis(Nasty), new ChartAxis(Nasty))
        {
            Title = Nasty,
            Series = { new ChartSeries(Nasty, [1, 2]), new ChartSeries(Nasty, [1, 2]) },
        }, Nasty);
        page.Maps([new HeatMap(Nasty, [1], [Nasty], [Nasty])]);
        page.Words(new WeightedText(Nasty, [0..Nasty.Length], [1]), _ => Nasty, Nasty);
        page.Thumbnails(Nasty, (new HeatMap(Nasty, [1], [Nasty], [Nasty]), HtmlPage.Anchor(Nasty)));
        var html = page.ToString();
        html.Should().NotContain("<script").And.NotContain("& b");
        Regex.Count(html, Regex.Escape("&lt;script&gt;alert(&#39;a &amp; b&#39;)&lt;/script&gt;")).Should().BeGreaterThan(15);
    }

    [Fact]
    public void A_page_needs_nothing_from_elsewhere_and_knows_dark_and_narrow_windows()
    {
        var page = new HtmlPage("Title");
        page.Chart(new LineChart(new ChartAxis("x"), new ChartAxis("y")) { Series = { new ChartSeries("s", [1, 2]) } },
            "caption");
        var html = page.ToString();
        html.Should().StartWith("<!doctype html>")
            .And.ContainAll("prefers-color-scheme:dark", "width=device-width", "<title>Title</title>", "charset=\"utf-8\"");
        html.Should().NotContainAny("http:", "https:", "src=", "href=", "url(", "@import");
        Regex.Count(html, "<svg ").Should().Be(3, "a chart is drawn for three widths of the window");
        foreach (Match variable in Regex.Matches(html, @"var\((--\w+)\)"))
            html.Should().MatchRegex($@"{variable.Groups[1].Value}:(#|var\()");
    }

    [Fact]
    public void Charts_one_below_the_other_begin_at_the_same_place_in_each_of_three_widths()
    {
        var page = new HtmlPage("t");
        foreach (var most in (double[])[1, 400])
        {
            page.Chart(new LineChart(new ChartAxis("x"), new ChartAxis("y")) { Series = { new ChartSeries("s", [0, most]) } },
                "caption");
        }

        var axes = Regex.Matches(page.ToString(), "<path class=\"axis\" d=\"M([0-9.]+) [0-9.]+V[0-9.]+H([0-9.]+)\"/>")
            .Select(m => (m.Groups[1].Value, m.Groups[2].Value)).ToArray();
        axes.Should().HaveCount(6);
        axes[..3].Should().Equal(axes[3..]).And.OnlyHaveUniqueItems();
    }

    [Fact]
    public void A_statement_has_its_verdict_as_a_sign_a_colour_and_words_and_leads_to_its_chart()
    {
        var page = new HtmlPage("t");
        var mark = new Mark("+", "yes");
        page.Headline(HtmlPage.Anchor("All of them"), (mark, "3 <held>"));
        page.Heading("All of them");
        page.Statement(mark, "held", "Claims & more.", [("time", "N^1.86 & more")], "A rule.",
            ("Chart", HtmlPage.Anchor("A (b), c!")));
        page.ToString().Should().ContainAll("<a class=\"yes\" href=\"#all-of-them\"><b>+</b> 3 &lt;held&gt;</a>",
            "<h2 id=\"all-of-them\">", "<b>+ held</b> Claims &amp; more.", "<dd>N<sup>1.86</sup> &amp; more</dd>",
            "<a href=\"#a-b-c\">Chart</a>");
    }

    [Fact]
    public void Numbers_stand_to_the_right_and_rows_must_fit()
    {
        var page = new HtmlPage("t");
        page.Table(["name", "value"], ["a", "1,234.5"], ["b", "2.5 ms"], ["c", "-"]);
        page.Table(["from", "channel"], ["2024-03-22 11:00", "a"], ["", "b"]);
        page.ToString().Should().Contain("<td class=\"number\">2.5 ms</td>").And.Contain("<th class=\"number\">value</th>")
            .And.Contain("<td>a</td>").And.Contain("<td class=\"time\">2024-03-22 11:00</td><td>a</td>");
        page.Invoking(p => p.Table(["name", "value"], ["a"]))
            .Should().Throw<ArgumentException>().WithMessage("*a row of 1 cells in a table of 2 columns (name, value)*");
    }
}
