using System.Text.Json;
using System.Text.RegularExpressions;
using SeqCore.Samples.LstmVsTransformer;

namespace SeqCore.Tests.Samples.LstmVsTransformer;

public sealed class ReportTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("seqcore-study-").FullName;

    public ReportTests()
    {
        var study = FixtureStudy.AsTheFieldSays;
        StudyFile.Write(folder, "speed", study.Speed!);
        StudyFile.Write(folder, "memory", study.Memory!);
        StudyFile.Write(folder, "recall", study.Recall!);
        StudyFile.Write(folder, "gradients", study.Gradients!);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Results_are_read_as_they_were_written() =>
        Study.Read(folder).Should().BeEquivalentTo(FixtureStudy.AsTheFieldSays);

    [Fact]
    public void The_page_is_built_from_the_files()
    {
        var run = StudyRun.Of("report", "--out", folder);
        run.Code.Should().Be(0, run.Error);
        run.Output.Should().Contain("The comparison");
        var page = File.ReadAllText(Path.Combine(folder, StudyReport.PageName));
        page.Should().Contain("LSTMs are faster at inference, token by token.").And.Contain("</b> 27 confirmed</a>")
            .And.Contain("2 logical cores, 512-bit vectors");
        page.IndexOf("<svg", StringComparison.Ordinal).Should()
            .BeLessThan(page.IndexOf("<section class=\"statement", StringComparison.Ordinal), "the charts come first");
        foreach (Match link in Regex.Matches(page, "href=\"#([^\"]+)\""))
            page.Should().Contain($" id=\"{link.Groups[1].Value}\"");
        page.Should().NotContainAny("http://", "https://", "<script", "NaN", "Infinity", "∞");
        foreach (var name in new[] { "speed", "memory", "recall", "gradients" })
            File.ReadLines(Path.Combine(folder, name + ".csv")).Should().HaveCountGreaterThan(5);
        File.ReadAllText(Path.Combine(folder, "figures", "inference-whole-sequences.svg"))
            .Should().StartWith("<svg").And.Contain("LSTM");
        File.ReadLines(Path.Combine(folder, "recall.csv"))
            .Should().Contain("\"RememberFirst\",\"LSTM, forget bias 1\",10,0.01,0,1000,100,0.01,1");
    }

    [Fact]
    public void Parts_that_are_missing_are_left_out()
    {
        File.Delete(Path.Combine(folder, "speed.json"));
        StudyRun.Of("report", "--out", folder).Code.Should().Be(0);
        File.ReadAllText(Path.Combine(folder, StudyReport.PageName))
            .Should().Contain("not measured").And.NotContain("Inference, whole sequences");
    }

    [Fact]
    public void Results_as_JSON_lines_are_nothing_else()
    {
        var run = StudyRun.Of("report", "--json", "--out", folder);
        var lines = run.Output.TrimEnd().Split('\n');
        lines.Should().HaveCountGreaterThan(50);
        foreach (var line in lines)
        {
            var row = JsonDocument.Parse(line).RootElement;
            row.GetProperty("event").GetString().Should().Be("table");
            row.GetProperty("table").GetString().Should().NotBeNullOrEmpty();
        }
        var whole = lines.Select(l => JsonDocument.Parse(l).RootElement)
            .First(l => l.GetProperty("table").GetString() == "Inference of a whole sequence, by length");
        whole.GetProperty("unit").GetString().Should().Be("seconds");
        whole.EnumerateObject().Where(p => char.IsDigit(p.Name[0])).Should().NotBeEmpty()
            .And.OnlyContain(p => p.Value.ValueKind == JsonValueKind.Number);
    }

    [Fact]
    public void A_folder_without_results_is_an_error()
    {
        var run = StudyRun.Of("report", "--out", Path.Combine(folder, "nothing"));
        run.Code.Should().Be(1);
        run.Error.Should().StartWith("There are no results in the folder").And.Contain("Run the all command first");
        run.ShouldBeOneLineOfError();
    }

    [Fact]
    public void A_file_that_holds_something_else_is_named()
    {
        File.WriteAllText(Path.Combine(folder, "memory.json"), "{\"form\": 1}");
        var run = StudyRun.Of("report", "--out", folder);
        run.Code.Should().Be(1);
        run.Error.Should().Contain("memory.json").And.Contain("does not hold the results");
        run.ShouldBeOneLineOfError();
    }

    [Fact]
    public void Runs_that_gave_up_are_reported()
    {
        RecallSection.StepsOf(Runs(100, 150, 125)).Text.Should().Be("125 (100 to 150), rate 0.01");
        RecallSection.StepsOf(Runs(null, null, null)).Text.Should().Be("not within 400");
        RecallSection.StepsOf(Runs(100, null, 125)).Text.Should().Be("125 (100 to not within 400: 1 of 3), rate 0.01");
        RecallSection.StepsOf(Runs(100, null, null)).Text.Should().Be("100 at best; not within 400: 2 of 3, rate 0.01");
    }

    private static TrainingRun[] Runs(params int?[] learnedAt) =>
        [.. learnedAt.Select((l, i) => FixtureStudy.Run(TaskKind.Copy, 20, Contender.Rnn, i, l))];
}
