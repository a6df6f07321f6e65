using System.Security.Cryptography;
using System.Text.RegularExpressions;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Training;

/// <summary>A run of a tiny language model, made each time as a program that is restarted would make it.</summary>
internal sealed partial record SmallRun
{
    private static readonly TextCorpus Corpus = new(Text(), "text");

    internal RecurrentKind Kind { get; init; } = RecurrentKind.Lstm;

    internal Func<int, int, RandomGenerator, RecurrentLayerOptions, RecurrentLayer>? NewLayer { get; init; }

    internal int Hidden { get; init; } = 12;

    internal int Projection { get; init; }

    internal int Batch { get; init; } = 3;

    internal int Length { get; init; } = 6;

    internal bool Streams { get; init; }

    internal float Dropout { get; init; }

    internal float LearningRate { get; init; } = 0.01f;

    internal Func<LearningRateSchedule> Schedule { get; init; } = () => new ConstantSchedule();

    internal required TrainerOptions Options { get; init; }

    /// <summary>Makes everything and trains.</summary>
    /// <param name="resume">Whether to go on from the newest checkpoint.</param>
    /// <param name="watch">Listens to events, perhaps to crash in one.</param>
    /// <param name="cancellation">Ends the run.</param>
    internal TrainingResult Train(bool resume = false, Action<Trainer>? watch = null, CancellationToken cancellation = default)
    {
        using var all = new Parts(this);
        watch?.Invoke(all.Trainer);
        if (resume)
            all.Trainer.Resume();
        return all.Trainer.Run(cancellation);
    }

    /// <summary>SHA-256 of the newest checkpoint.</summary>
    internal static string Hash(string folder) =>
        Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(new CheckpointFolder(folder).Checkpoints()[0])));

    /// <summary>The metrics but for the one that depends on the clock.</summary>
    internal static string[] Metrics(string folder) =>
        [.. File.ReadAllLines(Path.Combine(folder, "metrics.jsonl")).Select(line => Rate().Replace(line, ""))];

    [GeneratedRegex("\"tokens_per_second\":[^}]*")]
    private static partial Regex Rate();

    private static string Text()
    {
        var random = new RandomGenerator(5);
        string[] words = ["abba ", "cab ", "dada ", "bead.\n"];
        return string.Concat(Enumerable.Range(0, 300).Select(_ => words[random.NextInt32(words.Length)]));
    }

    internal sealed class Parts : IDisposable
    {
        internal Parts(SmallRun run)
        {
            var random = new RandomGenerator(1);
            Model = new RecurrentLanguageModel(new()
            {
                VocabularySize = Corpus.Tokenizer.Count,
                Kind = run.Kind,
                NewLayer = run.NewLayer,
                EmbeddingSize = 8,
                HiddenSize = run.Hidden,
                ProjectionSize = run.Projection,
                Layers = 2,
                Dropout = run.Dropout,
            }, random);
            TokenBatchSource batches = run.Streams
                ? new ContiguousStreams(Corpus.Training, run.Batch, run.Length)
                : new RandomWindows(Corpus.Training, run.Batch, run.Length, new RandomGenerator(2));
            Task = new LanguageModelTask(Model, batches, new TokenWindows(Corpus.Validation, run.Length), random)
            {
                EvaluationBatchSize = 10,
            };
            Optimizer = new Adam(Model.Parameters(), run.LearningRate);
            Trainer = new Trainer(Task, Optimizer, run.Options, run.Schedule());
        }

        internal RecurrentLanguageModel Model { get; }

        internal LanguageModelTask Task { get; }

        internal Optimizer Optimizer { get; }

        internal Trainer Trainer { get; }

        public void Dispose()
        {
            Task.Dispose();
            Optimizer.Dispose();
            Model.Dispose();
        }
    }
}
