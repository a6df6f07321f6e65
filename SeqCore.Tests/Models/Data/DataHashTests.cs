using SeqCore.Models;

namespace SeqCore.Tests.Models.Data;

/// <summary>A run that is resumed has the same data.</summary>
public sealed class DataHashTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void Another_text_of_the_same_length_and_characters_is_refused_by_name()
    {
        Resume(Text(seed: 1), steps: 4);
        FluentActions.Invoking(() => Resume(Text(seed: 2), steps: 8)).Should().Throw<CheckpointException>()
            .WithMessage("*belongs to another run: its data 'text' have changed since the run was trained on them (SHA-256 *"
                + " there and"
                + " * here). Hint: use the data and options of that run, or start a new run in another folder, from these*");
        FluentActions.Invoking(() => Resume(Text(seed: 2), steps: 8, "other")).Should().Throw<CheckpointException>()
            .WithMessage("*another run: the run was trained on other data, 'text' there and 'other' here (SHA-256 *")
            .Which.IsFromAnotherRun.Should().BeTrue();
        Resume(Text(seed: 1), steps: 8).Should().BeFalse("the checkpoint names its data");
    }

    [Fact]
    public void The_same_data_under_another_name_are_resumed()
    {
        Resume(Text(seed: 1), steps: 4);
        Resume(Text(seed: 1), steps: 8, "renamed").Should().BeFalse();
    }

    [Fact]
    public void A_checkpoint_without_a_hash_is_resumed_and_says_so_once()
    {
        Resume(Text(seed: 1), steps: 4);
        var folder = new CheckpointFolder(temporary.File("run"));
        using (var read = folder.ReadNewest()!)
        {
            read.Values.Remove("configuration.data_sha256").Should().BeTrue();
            folder.Save(read);
        }

        Resume(Text(seed: 1), steps: 8).Should().BeTrue();
        Resume(Text(seed: 1), steps: 12).Should().BeFalse();
    }

    [Fact]
    public void Every_built_in_source_identifies_its_data()
    {
        int[] text = [1, 2, 3, 4, 5, 6, 7, 8, 9], other = [1, 2, 3, 4, 5, 6, 7, 9, 8];
        Differ(t => new RandomWindows(t, 1, 2, 1).DataHash, text, other);
        Differ(t => new ContiguousStreams(t, 1, 2).DataHash, text, other);
        Differ(t => new SequencePairBatches(new SequencePairs([(t, [1])]), 1, 1).DataHash, text, other);
        Differ(t => new LabelledBatches([new LabelledSequence(t, 1)], 1, 1).DataHash, text, other);
        Differ(t => new SequencePairs([(t[..2], t[2..])]).DataHash + new SequencePairs([(t[..3], t[3..])]).DataHash, text, other);
        new SequencePairs([([1, 2], [3])]).DataHash.Should().NotBe(new SequencePairs([([1], [2, 3])]).DataHash);
    }

    private static void Differ(Func<int[], string> hash, int[] text, int[] other)
    {
        hash(text).Should().Be(hash([.. text])).And.NotBe(hash(other));
    }

    private static string Text(ulong seed)
    {
        var random = new RandomGenerator(seed);
        return "abcd" + string.Concat(Enumerable.Range(0, 600).Select(_ => "abcd"[random.NextInt32(4)]));
    }

    /// <returns>Whether the data could not be compared.</returns>
    private bool Resume(string text, long steps, string name = "text")
    {
        var corpus = new TextCorpus(text, "text");
        using var model = new RecurrentLanguageModel(new() { VocabularySize = 4, EmbeddingSize = 3, HiddenSize = 4 },
            new RandomGenerator(1));
        using var task = new LanguageModelTask(model, new RandomWindows(corpus.Training, 2, 8, 1),
            new TokenWindows(corpus.Validation, 8));
        using var optimizer = new Adam(model.Parameters());
        var trainer = new Trainer(task, optimizer, new TrainerOptions
        {
            Steps = steps,
            Folder = temporary.File("run"),
            Configuration = new Dictionary<string, string> { ["data"] = name },
        });
        trainer.Resume();
        trainer.Run();
        return trainer.HasUncheckedData;
    }
}
