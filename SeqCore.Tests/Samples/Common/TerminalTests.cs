using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Tests.Samples.Common;

[Collection("CharLanguageModel")]
public class TerminalTests
{
    private const int Redirected = 79;

    public static TheoryData<string, string> Programs => new()
    {
        { "CharLanguageModel", "" }, { "CharLanguageModel", "train" }, { "CharLanguageModel", "generate" },
        { "CharLanguageModel", "info" }, { "MaskedLanguageModel", "train" }, { "MaskedLanguageModel", "fill" },
        { "SequenceToSequence", "train" }, { "SequenceToSequence", "translate" }, { "LstmVsTransformer", "" },
        { "LstmVsTransformer", "recall" }, { "Granularity", "" }, { "Granularity", "run" }, { "ClassifyText", "train" },
        { "ClassifyText", "predict" }, { "Summarize", "" }, { "Summarize", "train" }, { "Summarize", "predict" },
        { "Summarize", "evaluate" }, { "Forecast", "" }, { "Forecast", "train" }, { "Forecast", "predict" },
        { "Forecast", "evaluate" }, { "Forecast", "compare" },
    };

    [Theory]
    [MemberData(nameof(Programs))]
    public void Help_has_lines_that_fit_and_groups(string program, string command)
    {
        var run = ProgramRun.Of(Of(program), [.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        run.Code.Should().Be(0, run.Error);
        run.Output.Split('\n').Should().OnlyContain(l => l.Length <= Redirected);
        run.Words.Should().Contain("Usage: dotnet run -c Release --project samples/").And.Contain($" -- {command}".TrimEnd());
        run.Output.Should().ContainAny("\nDevice and output:\n", "\nModel:\n");
    }

    [Fact]
    public void Help_shows_examples_defaults_and_the_words_of_a_choice()
    {
        var run = ProgramRun.Of("train --help");
        run.Output.Should().ContainAll("\nExamples:\n", "    ... -- train --data my.txt", "\nData:\n", "\nTraining:\n");
        run.Words.Should().ContainAll("--model rnn|lstm|gru|gpt", "[default: 0.006]");
        ProgramRun.Of(Of("SequenceToSequence"), ["train", "--help"]).Words.Should()
            .ContainAll("--attention-kind NAME", "One of: none, additive,");
    }

    [Theory]
    [InlineData("train --hiden 3", "'--hiden'. Did you mean --hidden? Run with --help")]
    [InlineData("--itertions 3", "'--itertions'. Did you mean --iterations?")]
    [InlineData("trian", "'trian'. Did you mean train?")]
    [InlineData("nonsense", "'nonsense'. Run with --help")]
    public void An_unknown_word_is_told_with_one_that_is_near(string line, string message)
    {
        var run = ProgramRun.Of(line);
        run.Code.Should().Be(2);
        run.Error.Should().Contain(message);
        run.ShouldBeOneLineOfError();
    }

    [Theory]
    [InlineData("hidden", "hidden", 0)]
    [InlineData("hiden", "hidden", 1)]
    [InlineData("ihdden", "hidden", 1)]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "xyz", 3)]
    public void The_distance_counts_letters_to_change(string a, string b, int distance)
    {
        Suggestion.Distance(a, b).Should().Be(distance);
        Suggestion.Distance(b, a).Should().Be(distance);
    }

    [Fact]
    public void Lines_are_broken_at_the_width_and_parts_that_do_not_fit_are_left_out()
    {
        Show.Fitting(10, "abcd", "", "efgh", "i").Should().Be("abcd  efgh");
        Show.Fitting(2, "abcd", "efgh").Should().Be("abcd");
        var output = new StringWriter();
        var terminal = new Terminal(output, TextWriter.Null);
        terminal.Pair("name", string.Join(' ', Enumerable.Repeat("word", 40)));
        terminal.Paragraph(string.Join(' ', Enumerable.Repeat("word", 40)));
        output.ToString().Split('\n').Should().OnlyContain(l => l.Length <= Redirected);
        output.ToString().Should().Contain($"\n{"",14}word");
    }

    [Fact]
    public void A_program_without_an_action_shows_its_help()
    {
        var run = ProgramRun.Of(_ => new RootCommand("Does nothing.") { new Command("one", "The first.") }, []);
        run.Code.Should().Be(0);
        run.Output.Should().StartWith("Does nothing.\n").And.Contain("  one ");
    }

    [Fact]
    public void Evaluations_and_progress_fit_into_a_line()
    {
        var run = ProgramRun.Of("--iterations 40 --hidden 16 --embedding 8 --out " + Path.Combine(Path.GetTempPath(),
            $"seqcore-width-{Guid.NewGuid():N}"));
        run.Code.Should().Be(0, run.Error);
        run.Output.Split('\n').Where(l => l.StartsWith("  iteration", StringComparison.Ordinal))
            .Should().HaveCountGreaterThan(5).And.OnlyContain(l => l.Length <= Redirected);
    }

    private static Func<Context, RootCommand> Of(string program) => program switch
    {
        "CharLanguageModel" => SeqCore.Samples.CharLanguageModel.Program.Create,
        "MaskedLanguageModel" => SeqCore.Samples.MaskedLanguageModel.Program.Create,
        "SequenceToSequence" => SeqCore.Samples.SequenceToSequence.Program.Create,
        "Granularity" => SeqCore.Samples.Granularity.Program.Create,
        "ClassifyText" => SeqCore.Samples.ClassifyText.Program.Create,
        "Summarize" => SeqCore.Samples.Summarize.Program.Create,
        "Forecast" => SeqCore.Samples.Forecast.Program.Create,
        _ => SeqCore.Samples.LstmVsTransformer.Program.Create,
    };
}
