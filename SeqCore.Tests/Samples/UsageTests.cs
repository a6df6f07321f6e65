using System.Runtime.ExceptionServices;
using SeqCore.Models;
using SeqCore.Samples.CharLanguageModel;
using SeqCore.Samples.Common;

namespace SeqCore.Tests.Samples;

/// <summary>The program replaces the default device while it runs, so these tests run alone.</summary>
[Collection("CharLanguageModel")]
public sealed class UsageTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("seqcore-usage-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("--batch 0", "--batch should be a whole number from 1 to 65,536; got '0'.")]
    [InlineData("--batch -3", "--batch should be a whole number from 1 to 65,536; got '-3'.")]
    [InlineData("--batch 99999999999999", "--batch should be a whole number from 1 to 65,536; got '99999999999999'.")]
    [InlineData("--batch many", "--batch should be a whole number from 1 to 65,536; got 'many'.")]
    [InlineData("--sequence 0", "--sequence should be")]
    [InlineData("--iterations 0", "--iterations should be")]
    [InlineData("--iterations 1.5", "--iterations should be")]
    [InlineData("--hidden -1", "--hidden should be")]
    [InlineData("--embedding 0", "--embedding should be")]
    [InlineData("--layers 0", "--layers should be a whole number from 1 to 64; got '0'.")]
    [InlineData("--dropout 1", "--dropout should be a number from 0, below 1; got '1'.")]
    [InlineData("--dropout -0.1", "--dropout should be")]
    [InlineData("--learning-rate NaN", "--learning-rate should be a number above 0, at most 10; got 'NaN'.")]
    [InlineData("--learning-rate 0", "--learning-rate should be")]
    [InlineData("--learning-rate -1", "--learning-rate should be")]
    [InlineData("--learning-rate Infinity", "--learning-rate should be")]
    [InlineData("--learning-rate 0,1", "--learning-rate should be")]
    [InlineData("--warmup -1", "--warmup should be")]
    [InlineData("--clip -1", "--clip should be")]
    [InlineData("--clip NaN", "--clip should be")]
    [InlineData("--seed -1", "--seed should be")]
    [InlineData("--eval-every -1", "--eval-every should be")]
    [InlineData("--checkpoint-every x", "--checkpoint-every should be")]
    [InlineData("--threads -1", "--threads should be a whole number from 0 to 1,024; got '-1'.")]
    [InlineData("--device tpu", "--device should be cpu, cuda, cuda:N, opencl or opencl:N; got 'tpu'.")]
    [InlineData("--device cpu:1", "--device should be")]
    [InlineData("--model transformer", "--model should be rnn or lstm or gru or gpt; got 'transformer'.")]
    [InlineData("--windows all", "--windows should be random or stream; got 'all'.")]
    [InlineData("--temperature 0", "--temperature should be a number above 0, at most 1,000; got '0'.")]
    [InlineData("--temperature -1", "--temperature should be")]
    [InlineData("--top-p 0", "--top-p should be a number above 0, at most 1; got '0'.")]
    [InlineData("--top-p 1.1", "--top-p should be")]
    [InlineData("--top-k -1", "--top-k should be")]
    [InlineData("--min-p 1.1", "--min-p should be a number from 0 to 1; got '1.1'.")]
    [InlineData("--repetition-penalty 0", "--repetition-penalty should be a number above 0, at most 1,000; got '0'.")]
    [InlineData("--beam -1", "--beam should be a whole number from 0 to 4,096; got '-1'.")]
    [InlineData("--greedy --top-k 3", "--greedy and --top-k were both given; leave one out.")]
    [InlineData("--beam 3 --min-p 0.1", "--beam and --min-p were both given; leave one out.")]
    [InlineData("--greedy --beam 3", "--greedy and --beam were both given; leave one out.")]
    [InlineData("--heads 2", "--heads: an lstm has no attention heads; leave it out, or choose --model gpt.")]
    [InlineData("--length 0", "--length should be a whole number from 1 to 100,000,000; got '0'.")]
    [InlineData("--dataset nonsense", "There is no data set 'nonsense'."
        + " Choose one of tunes, tinyshakespeare, irish-abc, or give a file of your own with --data.")]
    [InlineData("--dataset tunes --data x", "--data and --dataset were both given; leave one out.")]
    [InlineData("--nonsense", "Unrecognized command or argument '--nonsense'.")]
    [InlineData("--batch", "Required argument missing for option: '--batch'.")]
    [InlineData("--batch 2 --batch x", "--batch should be a whole number from 1 to 65,536; got 'x'.")]
    [InlineData("--batch 2 3", "Unrecognized command or argument '3'.")]
    [InlineData("--hidden 512 --embedding 8 --layers 1 --batch 64 --sequence 12500", "Training would take at least")]
    [InlineData("--hidden 65536 --layers 64 --batch 65536 --sequence 65536", "Training would take at least")]
    public void Wrong_options_end_with_2_and_one_line(string options, string message)
    {
        foreach (var command in new[] { "train ", "" })
        {
            var run = Run($"{command}--out {Path.Combine(folder, "out")} {options}");
            run.Code.Should().Be(2);
            run.Error.Should().StartWith(message);
            run.ShouldBeOneLineOfError();
        }
    }

    [Theory]
    [InlineData("missing", null, "does not exist. Check the path.")]
    [InlineData("empty", "", "is empty. Use a text with some thousands of characters.")]
    [InlineData("short", "To be, or not to be", "Use a longer text, a smaller batch or a shorter sequence.")]
    [InlineData("not-utf8", "\u00FF", "is not UTF-8")]
    public void Unusable_texts_end_with_1_and_one_line(string name, string? content, string message)
    {
        var path = Path.Combine(folder, name);
        if (content is not null)
            File.WriteAllBytes(path, System.Text.Encoding.Latin1.GetBytes(content));
        var run = Run($"train --data {path} --out {Path.Combine(folder, "out")}");
        run.Code.Should().Be(1);
        run.Error.Should().Contain(message);
        run.ShouldBeOneLineOfError();
    }

    [Fact]
    public void A_text_too_short_to_validate_says_so()
    {
        var path = Path.Combine(folder, "short");
        File.WriteAllText(path, new string('a', 500));
        var run = Run($"train --data {path} --sequence 64 --batch 2 --out {Path.Combine(folder, "out")}");
        run.Code.Should().Be(1);
        run.Error.Should().Contain("50 tokens").And.Contain("at least 65");
        run.ShouldBeOneLineOfError();
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named()
    {
        var file = Path.Combine(folder, "file");
        File.WriteAllText(file, "");
        var run = Run($"train --hidden 8 --embedding 8 --iterations 1 --out {Path.Combine(file, "out")}");
        run.Code.Should().Be(1);
        run.Error.Should().Contain("cannot be written").And.Contain("Choose another one.");
        run.ShouldBeOneLineOfError();
    }

    [Theory]
    [InlineData("generate")]
    [InlineData("evaluate")]
    [InlineData("info")]
    public void Without_a_checkpoint_there_is_nothing_to_resume(string command)
    {
        var run = Run($"{command} --checkpoint {folder}");
        run.Code.Should().Be(1);
        run.Error.Should().StartWith($"The folder '{folder}' contains no model").And.Contain(folder);
        run.ShouldBeOneLineOfError();
    }

    [Fact]
    public void A_missing_or_foreign_checkpoint_is_named()
    {
        var path = Path.Combine(folder, "nothing.safetensors");
        var missing = Run($"generate --checkpoint {path}");
        missing.Code.Should().Be(1);
        missing.Error.Should().Contain("does not exist");
        missing.ShouldBeOneLineOfError();
        File.WriteAllText(path, "not a checkpoint at all, but long enough to have a checksum at its end");
        var foreign = Run($"generate --checkpoint {path}");
        foreign.Code.Should().Be(1);
        foreign.Error.Should().Contain(path);
        foreign.ShouldBeOneLineOfError();
    }

    [Theory]
    [InlineData("--device cuda:99")]
    [InlineData("--device opencl:99")]
    public void A_device_that_is_not_there_is_an_error(string options)
    {
        var run = Run($"train {options} --out {folder}");
        run.Code.Should().Be(1);
        run.Error.Should().Contain("Use the cpu device");
        run.ShouldBeOneLineOfError();
    }

    [Theory]
    [InlineData(RecurrentKind.Lstm, 160, 5000, 512)]
    [InlineData(RecurrentKind.Gru, 160, 6000, 512)]
    [InlineData(RecurrentKind.Rnn, 160, 14000, 512)]
    public void Sizes_that_the_library_refuses_are_refused_before_the_folder_is_made(RecurrentKind kind, int batch, int sequence,
        int hidden)
    {
        MemoryEstimate.Workspace(kind, batch, sequence, 8, hidden).Should().BeGreaterThan(int.MaxValue);
        MemoryEstimate.Workspace(kind, batch, 100, 8, hidden).Should().BeLessThan(int.MaxValue);
        var path = Path.Combine(folder, "text");
        File.WriteAllText(path, string.Concat(Enumerable.Range(0, 20_000).Select(i => $"abcd {i}\n")));
        var run = Run($"train --data {path} --model {ModelText.Name(kind)} --hidden {hidden} --embedding 8 --layers 1"
            + $" --batch {batch} --sequence {sequence} --iterations 1 --out {Path.Combine(folder, "out")}");
        run.Code.Should().Be(2);
        run.Error.Should().StartWith("Training would take at least");
        run.ShouldBeOneLineOfError();
        Directory.Exists(Path.Combine(folder, "out")).Should().BeFalse();
    }

    [Fact]
    public void The_last_of_two_equal_options_counts()
    {
        var path = Path.Combine(folder, "text");
        File.WriteAllText(path, string.Concat(Enumerable.Range(0, 400).Select(i => $"abcd {i}\n")));
        var run = Run($"train --data nothing --data {path} --model gpt --model rnn --hidden 4 --embedding 4 --batch 9999"
            + $" --batch 2 --sequence 8 --iterations 900 --iterations 2 --json --json --length 2"
            + $" --out {Path.Combine(folder, "out")}");
        run.Error.Should().NotContain("should");
        run.Code.Should().Be(0);
        run.Output.Should().Contain("\"model\":\"rnn\"").And.Contain("\"iteration\":2");
    }

    public static TheoryData<Exception, int, string> Documented() => new()
    {
        { new ArgumentException("It has 3."), 1, "It has 3.\n" },
        { new ArgumentOutOfRangeException("n", "It has 3."), 1, "It has 3. (Parameter 'n')\n" },
        { Thrown<ShapeException>(() => Tensor.MatMul(Tensor.Ones([2, 2]), Tensor.Ones([3, 4]))), 1, "MatMul" },
        { Thrown<SizeLimitException>(() => _ = new Shape(65_536, 65_536)), 2,
            "Shape: (65536, 65536) would have 4,294,967,296 elements, more than 2^31 - 1. Make" },
        { Thrown<StateDictionaryException>(() => new Linear(2, 3, new RandomGenerator(1))
            .LoadStateDictionary(new Dictionary<string, Tensor>())), 1, "Linear" },
        { Thrown<InvalidOperationException>(() => new Tape().Backward(new Variable(Tensor.Ones([1])))), 1, "" },
        { new CheckpointException("It is damaged."), 1, "It is damaged.\n" },
        { new IOException("No space left."), 1, "A file could not be read or written: No space left.\n" },
        { new UnauthorizedAccessException("Denied."), 1, "A file could not be read or written: Denied.\n" },
        { new OutOfMemoryException(), 1, "There is not enough memory." },
    };

    [Theory]
    [MemberData(nameof(Documented), DisableDiscoveryEnumeration = true)]
    public void A_documented_error_is_one_line(Exception error, int code, string message)
    {
        var run = Failing(error);
        run.Code.Should().Be(code, run.Error);
        run.Error.Should().StartWith(message);
        run.ShouldBeOneLineOfError();
    }

    [Fact]
    public void A_bug_of_the_program_says_so_and_shows_where()
    {
        foreach (var bug in new Exception[] { new NullReferenceException(), new IndexOutOfRangeException(),
            new ArgumentNullException("x"), Thrown<InvalidOperationException>(() => Array.Empty<int>().First()) })
        {
            var run = Failing(bug);
            run.Code.Should().Be(1);
            run.Error.Should().StartWith("This is a bug in the program").And.Contain(bug.GetType().Name).And.Contain("   at ");
        }
    }

    private static ProgramRun Failing(Exception error) => ProgramRun.Of(_ =>
    {
        var root = new System.CommandLine.RootCommand();
        root.SetAction(_ => ExceptionDispatchInfo.Throw(error));
        return root;
    }, []);

    private static T Thrown<T>(Action action) where T : Exception => FluentActions.Invoking(action).Should().Throw<T>().Which;

    [Fact]
    public void Help_lists_every_option()
    {
        var run = Run("train --help");
        run.Code.Should().Be(0);
        run.Output.Should().ContainAll("--data", "--dataset", "--device", "--threads", "--seed", "--iterations", "--batch",
            "--sequence", "--embedding",
            "--hidden", "--layers", "--dropout", "--learning-rate", "--warmup", "--clip", "--out", "--resume", "--json",
            "--model", "--windows",
            "--eval-every", "--temperature", "--top-k", "--top-p", "--prompt", "--length",
            "--heads", "--weight-decay", "--beta2", "--log-layers", "--min-p", "--repetition-penalty", "--greedy", "--beam");
    }

    [Fact]
    public void Info_lists_the_devices()
    {
        Run("info").Output.Should().Contain("cpu");
        Run("info --json").Output.Should().Contain("{\"event\":\"device\",\"device\":\"cpu\"");
    }

    private static ProgramRun Run(string arguments) => ProgramRun.Of(arguments);
}
