using System.Globalization;
using System.Text;
using System.Text.Json;
using SeqCore.Kernels;
using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Samples.Granularity;

namespace SeqCore.Tests.Samples.Granularity;

/// <summary>The program replaces the default device while it runs, so these tests run alone.</summary>
[Collection("CharLanguageModel")]
public sealed class WholeRunTests : IDisposable
{
    private const string Small = "--hidden 12 --embedding 8 --characters 4000 --batch 2 --sequence 48";

    private readonly string folder = Directory.CreateTempSubdirectory("seqcore-granularity-").FullName;
    private readonly string data;

    public WholeRunTests()
    {
        data = Path.Combine(folder, "data.txt");
        File.WriteAllText(data, string.Concat(Enumerable.Range(0, 150).Select(i =>
            $"The {(i % 3 == 0 ? "cat" : "dog")} of {(char)('A' + (i % 13))}{(i % 17 == 0 ? $"nn{i}" : "")} sat down.\n")));
    }

    private string Out => Path.Combine(folder, "out");

    private string Results => Path.Combine(Out, ResultsFile.Name);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("lstm", "")]
    [InlineData("gru", "--seeds 2")]
    [InlineData("gpt", "--layers 1 --heads 2")]
    public void Rows_are_measured_once_and_kept(string model, string more)
    {
        var options = $"--model {model} --rows characters,bpe-300,words-50 {more}"
            + (model == "gpt" ? "" : " --hidden 12");
        var before = Backend.Default;
        var first = Run($"{options} --json");
        first.Code.Should().Be(0, first.Error);
        Backend.Default.Should().BeSameAs(before);
        var rows = Rows(first);
        var seeds = more == "--seeds 2" ? 2 : 1;
        rows.Should().HaveCount(3 * seeds);
        File.ReadAllLines(Results).Should().HaveCount(rows.Length);
        foreach (var row in rows)
        {
            row.GetProperty("bits_per_character").GetDouble().Should().BeInRange(0.5, 9);
            row.GetProperty("held_out_characters").GetInt32().Should().Be(rows[0].GetProperty("held_out_characters").GetInt32());
            ((double)row.GetProperty("characters_read").GetInt64()).Should().BeApproximately(4000, 100);
            row.GetProperty("writing_tokens_per_second").GetDouble().Should().BePositive();
            row.GetProperty("sample").GetString().Should().NotBeEmpty();
        }

        rows[2].GetProperty("unknown_tokens").GetInt32().Should().BePositive();
        var page = File.ReadAllText(Path.Combine(Out, StudyReport.PageName));
        page.Should().Contain("<svg").And.Contain("words-50").And.Contain("Unknown parts");
        Directory.GetFiles(Path.Combine(Out, "figures")).Should().HaveCount(4);

        var kept = File.ReadAllText(Results);
        var second = Run(options);
        second.Code.Should().Be(0, second.Error);
        second.Output.Should().Contain("kept from an earlier run").And.NotContain("vocabulary 300,").And.Contain("Units compared")
            .And.Contain("* An upper bound").And.Contain("train/s and write/s: tokens a second");
        var words = rows[2].GetProperty("vocabulary").GetInt32() - SpecialToken.Count;
        words.Should().BeLessThan(50, "the text has fewer words that occur twice");
        second.Words.Should().Contain($"words-50: only {words} words occur more than once");
        File.ReadAllText(Results).Should().Be(kept);
    }

    [Fact]
    public void Help_names_the_rows_that_are_the_default()
    {
        var help = ProgramRun.Of(Program.Create, ["run", "--help"]).Words;
        help.Should().Contain("[default: characters,bpe-512,bpe-2048,words-3000]").And.NotContain("UnitKind");
    }

    [Fact]
    public void Other_options_add_rows_and_the_same_bits_come_from_any_number_of_threads()
    {
        Run("--rows bpe-260 --threads 1").Code.Should().Be(0);
        Run("--rows bpe-260 --threads 2").Code.Should().Be(0);
        Run("--rows bpe-260 --threads 1 --dropout 0.3").Code.Should().Be(0);
        Run("--rows bpe-260 --threads 1 --seed 2").Code.Should().Be(0);
        var bits = Lines().Select(r => r.GetProperty("model_bits").GetDouble()).ToArray();
        bits.Should().HaveCount(4);
        bits[1].Should().Be(bits[0]);
        bits.Distinct().Should().HaveCount(3);
    }

    [Fact]
    public void A_run_that_was_stopped_keeps_the_rows_that_were_done()
    {
        Run("--rows characters").Code.Should().Be(0);
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var stopped = Run("--rows characters,bpe-300", stop.Token);
        stopped.Code.Should().Be(ExitCode.Interrupted);
        stopped.Output.Should().Contain("characters (1 of 2): kept");
        Lines().Should().HaveCount(1);
        Run("--rows characters,bpe-300").Code.Should().Be(0);
        Lines().Should().HaveCount(2);
    }

    [Theory]
    [InlineData("{\"row\":\"bpe-300\"}")]
    [InlineData("not JSON")]
    [InlineData("null")]
    [InlineData("{\"row\":\"\\ud800\"}")]
    public void A_line_that_is_no_result_is_named(string line)
    {
        Run("--rows characters").Code.Should().Be(0);
        File.AppendAllText(Results, line + "\n");
        var run = Run("--rows characters");
        run.Code.Should().Be(1);
        run.Error.Should().StartWith($"'{Results}', line 2 is not a result of this program. Remove that line, and its row is");
        run.ShouldBeOneLineOfError();
    }

    [Fact]
    public void A_folder_in_use_is_refused()
    {
        using var taken = new CheckpointFolder(Out).Lock();
        var run = Run("--rows characters");
        run.Code.Should().Be(1);
        run.Error.Should().StartWith($"The folder '{Out}' is in use by another run");
        run.ShouldBeOneLineOfError();
    }

    [Theory]
    [InlineData("--rows bpe-10", "--rows should be a list of characters, bpe-N (N from 256 to 1,000,000), unigram-N")]
    [InlineData("--rows characters,characters", "--rows should be a list of")]
    [InlineData("--characters 0", "--characters should be a whole number from 1")]
    [InlineData("--model rnn", "--model should be lstm or gru or gpt; got 'rnn'.")]
    [InlineData("--heads 2", "--heads: an lstm has no attention heads")]
    [InlineData("--model gru --heads 2", "--heads: a gru has no attention heads")]
    [InlineData("--model gpt --hidden 4", "--hidden: a gpt has no recurrent units")]
    [InlineData("--model gpt --embedding 30 --heads 4", "--heads should divide --embedding; got 4 heads and 30 channels.")]
    [InlineData("--dataset nonsense", "There is no data set 'nonsense'. Choose one of docs, tinyshakespeare, irish-abc,")]
    [InlineData("--embedding 65536 --batch 65536 --sequence 65536 --rows characters", "Training would take at least")]
    public void Wrong_options_end_with_2_and_one_line(string options, string message)
    {
        foreach (var command in (string[])["run ", ""])
        {
            var run = ProgramRun.Of(Program.Create,
                $"{command}--out {Out} {options}".Split(' ', StringSplitOptions.RemoveEmptyEntries));
            run.Code.Should().Be(2);
            run.Error.Should().Contain(message);
            run.ShouldBeOneLineOfError();
        }
    }

    [Fact]
    public void A_row_with_too_few_tokens_for_the_text_is_named_before_any_row_is_measured()
    {
        var run = Run("--rows characters,unigram-400,unigram-257");
        run.Code.Should().Be(2);
        run.Error.Should().MatchRegex("^--rows: unigram-257 has too few tokens for Text file '.*data.txt', whose bytes and"
            + " characters are [0-9]+. Choose unigram-([0-9]+) or more.\n$");
        run.Output.Should().BeEmpty();
        Directory.Exists(Out).Should().BeFalse();
        var least = int.Parse(run.Error.Split("unigram-")[^1].Split(' ')[0], CultureInfo.InvariantCulture);
        Run($"--rows unigram-{least}").Code.Should().Be(0);
        Run($"--rows unigram-{least - 1}").Code.Should().Be(2);
    }

    [Fact]
    public void A_text_that_is_too_short_for_the_batches_is_named()
    {
        File.WriteAllText(data, new string('a', 200));
        var run = Run("--rows characters --batch 50");
        run.Code.Should().Be(1);
        run.Error.Should().Contain("Use a longer text, a smaller batch or a shorter sequence.");
        run.ShouldBeOneLineOfError();
    }

    [Fact]
    public void The_built_in_text_is_prose()
    {
        var text = DocumentationProse.Read();
        text.Length.Should().BeGreaterThan(100_000);
        text.Should().NotContain("```").And.NotContain("](").And.NotContain("\n|").And.NotContain("\n\n\n");
    }

    [Fact]
    public void Prose_is_without_code_tables_pictures_and_addresses()
    {
        var prose = new StringBuilder();
        DocumentationProse.Append(prose,
            "# Title\n\n\nSee [the\nbook](book/README.md), [`x[0]`](x.cs).\n\n```csharp\nvar x = 1;\n```\n    code\n| a |\n"
                + "![p](q.svg)\n\nEnd.\n");
        DocumentationProse.WithoutAddresses(prose.ToString()).Should().Be("# Title\n\nSee the\nbook, `x[0]`.\n\nEnd.\n\n");
    }

    private ProgramRun Run(string options, CancellationToken cancellation = default)
    {
        // The options of a gpt exclude --hidden.
        var small = options.Contains("gpt", StringComparison.Ordinal) ? Small.Replace("--hidden 12", "") : Small;
        return ProgramRun.Of(Program.Create,
            $"run --data {data} --out {Out} {small} {options}".Split(' ', StringSplitOptions.RemoveEmptyEntries), cancellation);
    }

    private JsonElement[] Lines() => [.. File.ReadLines(Results).Select(Parse)];

    private static JsonElement[] Rows(ProgramRun run) => [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(Parse).Where(e => e.GetProperty("event").GetString() == "row")];

    private static JsonElement Parse(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.Clone();
    }
}
