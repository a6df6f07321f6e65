using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Tests.Samples.Common;

public class ConfusionPageTests
{
    [Fact]
    public void Cells_have_counts_and_are_as_full_as_their_part_of_the_row()
    {
        var matrix = new ConfusionMatrix(["cat", "<dog>"]);
        for (var i = 0; i < 3; i++)
            matrix.Add("cat", "cat");
        matrix.Add("cat", "<dog>");
        matrix.Add("<dog>", "<dog>");
        var html = ConfusionPage.Of("Confusion", "Of five texts.", matrix).ToString();
        html.Should().ContainAll("Of five texts.", "&lt;dog&gt;", "cat – &lt;dog&gt;: 0.25", "<td class=\"number\">75.0 %</td>");
        var map = XDocument.Parse(Regex.Match(html, "<svg class=\"chart\".*?</svg>", RegexOptions.Singleline).Value);
        var texts = map.Descendants("text").Where(t => t.Attribute("class")?.Value.Contains("cell") == true).ToArray();
        texts.Select(t => t.Value.Trim()).Should().Equal("3", "1", "", "1");
        texts.Select(t => t.Attribute("class")!.Value.EndsWith(" on")).Should().Equal(true, false, false, true);
        map.Descendants("rect").Select(r => double.Parse(r.Attribute("fill-opacity")!.Value, CultureInfo.InvariantCulture))
            .Should().Equal(0.75, 0.25, 0, 1);
    }

    [Fact]
    public void Of_many_labels_the_most_frequent_are_drawn()
    {
        var labels = Enumerable.Range(0, ConfusionPage.MostLabels + 1).Select(i => $"label {i}").ToArray();
        var matrix = new ConfusionMatrix(labels);
        foreach (var label in labels.Where(l => l != "label 7"))
            matrix.Add(label, label);
        var html = ConfusionPage.Of("t", "i", matrix).ToString();
        html.Should().Contain("The 40 most frequent of 41 labels are shown.");
        Regex.Count(html, "<rect [^>]*><title>").Should().Be(40 * 40);
        html.Should().NotContain("label␣7 –").And.Contain("<td>label 7</td>");
    }
}
