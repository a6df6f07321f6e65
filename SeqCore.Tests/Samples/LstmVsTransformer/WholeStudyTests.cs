using SeqCore.Kernels;
using SeqCore.Models;
using SeqCore.Samples.LstmVsTransformer;

namespace SeqCore.Tests.Samples.LstmVsTransformer;

/// <summary>The study replaces the default device while it runs, so these tests run alone.</summary>
[Collection("CharLanguageModel")]
public sealed class WholeStudyTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("seqcore-study-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Learning_and_gradients_give_the_same_on_one_thread_and_on_two()
    {
        var before = Backend.Default;
        var one = Measure("1");
        var two = Measure("2");
        Backend.Default.Should().BeSameAs(before);
        two.Recall.Should().BeEquivalentTo(one.Recall, o => o.Excluding(r => r.Seconds));
        two.Gradients.Should().BeEquivalentTo(one.Gradients);
        one.Recall.Select(r => r.Model).Distinct().Should().HaveCount(7 + 3);
        one.Recall.Should().Contain(r => r.AttentionShare > 0);

        (IReadOnlyList<TrainingRun> Recall, GradientResult Gradients) Measure(string threads)
        {
            foreach (var command in new[] { "recall", "gradients" })
            {
                StudyRun.Of(command, "--max-length", "20", "--iterations", "25", "--seeds", "1", "--threads", threads, "--out",
                    folder).Code.Should().Be(0);
            }

            var study = Study.Read(folder);
            return (study.Recall!.Result.Runs, study.Gradients!.Result);
        }
    }

    [Fact]
    public void Memory_of_the_T_x_T_attention_grows_and_states_do_not()
    {
        var run = StudyRun.Of("memory", "--max-length", "1024", "--out", folder);
        run.Code.Should().Be(0, run.Error);
        run.Output.Should().Contain("State of a stream, by length");
        var memory = Study.Read(folder).Memory!.Result;
        var states = memory.State.ToDictionary(c => c.Model);
        states[Contender.Lstm].At(1024).Should().Be(states[Contender.Lstm].At(64));
        states[Contender.TransformerTiled].At(1024).Should().BeGreaterThan(2 * states[Contender.TransformerTiled].At(256)!.Value);

        // Two heads of two layers: at the least one matrix of each layer is held for the backward pass.
        memory.Training.Single(c => c.Model == Contender.TransformerWholeMatrix).At(256)
            .Should().BeGreaterThan(2 * 2 * 256 * 256 * sizeof(float));
        File.Exists(Path.Combine(folder, StudyReport.PageName)).Should().BeTrue();
    }

    [Theory]
    [InlineData("--full=maybe", "Unrecognized command or argument 'maybe'.")]
    [InlineData("--seeds -1", "--seeds should be a whole number from 0 to 100; got '-1'.")]
    [InlineData("--max-length x", "--max-length should be")]
    [InlineData("--max-length 63", "--max-length should be at least 64 here, or 0 for no limit; with 63 there is nothing")]
    [InlineData("speed --max-length 15", "--max-length should be at least 16 here")]
    [InlineData("memory --full --max-length 32", "--max-length should be at least 64 here")]
    [InlineData("recall --max-length 8", "--max-length should be at least 9 here")]
    [InlineData("gradients --max-length 1", "--max-length should be at least 2 here")]
    [InlineData("--out=", "Required argument missing for option: '--out'.")]
    [InlineData("nonsense", "Unrecognized command or argument 'nonsense'.")]
    public void Wrong_options_end_with_2_and_one_line(string options, string message)
    {
        var run = StudyRun.Of(options.Split(' '));
        run.Code.Should().Be(2);
        run.Error.Should().Contain(message);
        run.ShouldBeOneLineOfError();
    }

    [Fact]
    public void A_folder_that_another_study_writes_to_is_refused_and_its_holder_named()
    {
        using (new CheckpointFolder(folder).Lock())
        {
            var refused = StudyRun.Of("memory", "--max-length", "64", "--out", folder);
            refused.Code.Should().Be(1);
            refused.Error.Should().StartWith(
                $"The folder '{folder}' is in use by another run (process {Environment.ProcessId}, ");
            refused.ShouldBeOneLineOfError();
            Study.Read(folder).Memory.Should().BeNull();
        }

        StudyRun.Of("memory", "--max-length", "64", "--out", folder).Code.Should().Be(0);
    }

    [Fact]
    public void A_folder_without_a_name_is_refused()
    {
        var run = StudyRun.Of("speed", "--out", "");
        run.Code.Should().Be(2);
        run.Error.Should().Be("--out should name a folder; got ''.\n");
    }

    [Fact]
    public void Help_lists_the_commands_and_their_duration() =>
        StudyRun.Of("--help").Output.Should().ContainAll("speed", "memory", "recall", "gradients", "report", "all", "--full",
            "one to three minutes", "25 minutes");
}
