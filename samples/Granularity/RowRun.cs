using System.Diagnostics;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Granularity;

/// <summary>Runs one row: splits the text, trains a model, scores it on the held-out part and lets it write.</summary>
/// <param name="options">How the model is trained.</param>
/// <param name="text">The text.</param>
/// <param name="units">The units of the row.</param>
/// <param name="seed">The seed of all random numbers of the run.</param>
/// <param name="terminal">Shows the progress.</param>
internal sealed class RowRun(StudyOptions options, StudyText text, UnitKind units, ulong seed, Terminal terminal)
{
    /// <summary>The number of tokens that a recurrent model reads at once when it is scored; it changes no result.</summary>
    private const int ScoredAtOnce = 256;

    /// <summary>Keeps the draws of the written sample apart from those of the weights.</summary>
    private const ulong SampleStream = 0x73616D706C65;

    /// <summary>Runs the row.</summary>
    /// <param name="configuration">Everything that the figures depend on, beside units and seed.</param>
    /// <param name="cancellation">Stops early.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="DataSourceException">The text is too short for such batches.</exception>
    public RowResult Run(IReadOnlyDictionary<string, string> configuration, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        var segmentation = Segmentation.Of(units, text, cancellation);

        // A step reads as many characters in every row, so the rows make equally many steps.
        var charactersPerToken = (double)text.TrainingCharacters / segmentation.Training.Length;
        var length = Math.Max(1, (int)Math.Round(options.Sequence / charactersPerToken));
        var charactersPerStep = options.Batch * length * charactersPerToken;
        var steps = Math.Max(1, (long)Math.Round(options.Characters / charactersPerStep));
        using var model = options.NewModel(segmentation.Vocabulary, length, new RandomGenerator(seed));
        terminal.Line($"  vocabulary {Show.Count(segmentation.Vocabulary)}, {Show.Count(model.ParameterCount)} parameters,"
            + $" {Show.Count(steps)} steps of {options.Batch} x {length} tokens");
        var (seconds, median) = Train(model, segmentation, length, steps, cancellation);
        var context = options.IsGpt ? length : ScoredAtOnce;
        var bits = new HeldOutScore(model, context).Bits(segmentation.Training[^1], segmentation.HeldOut, cancellation);
        var (writing, sample) = WritingSpeed.Measure(model, segmentation, seed ^ SampleStream, cancellation);
        return new RowResult(units.Name, seed, configuration, segmentation.Vocabulary, model.ParameterCount, steps,
            TokensPerStep: options.Batch * length,
            CharactersRead: (long)Math.Round(steps * charactersPerStep),
            TrainingSeconds: seconds,
            TrainingTokensPerSecond: options.Batch * length / median,
            WritingTokensPerSecond: writing,
            text.HeldOutCharacters,
            HeldOutTokens: segmentation.HeldOut.Length,
            segmentation.UnknownTokens,
            segmentation.UnknownCharacters,
            ModelBits: bits,
            segmentation.SpellingBits,
            Stopwatch.GetElapsedTime(start).TotalSeconds,
            sample);
    }

    /// <returns>The seconds of all steps, and of the median one.</returns>
    private (double Seconds, double Median) Train(LanguageModel model, Segmentation segmentation, int length, long steps,
        CancellationToken cancellation)
    {
        // The trainer evaluates at its end; the score of the held-out text is computed otherwise, so here one window suffices.
        using var task = new LanguageModelTask(model, new ContiguousStreams(segmentation.Training, options.Batch, length),
            new TokenWindows(segmentation.Training.AsMemory(0, length + 1), length));
        using var optimizer = new Adam(model.Parameters(), options.LearningRate);
        var warmUp = (int)Math.Min(steps / 20, 1000);
        LearningRateSchedule schedule = new CosineSchedule((int)Math.Max(1, steps - warmUp), 0.1);
        if (warmUp > 0)
            schedule = new WarmUpSchedule(warmUp, schedule);
        var trainer = new Trainer(task, optimizer, new TrainerOptions { Steps = steps }, schedule);
        TrainingDisplay display = terminal.IsLive
            ? new LiveDisplay(terminal.Console, steps, 0, task.TokensPerBatch, "tokens")
            : new PlainDisplay(terminal, steps, 0, task.TokensPerBatch, "tokens");
        var durations = new List<double>();
        trainer.StepCompleted += (_, step) =>
        {
            durations.Add(step.Seconds);
            display.OnStep(step);
        };
        if (display.Watch(() => trainer.Run(cancellation)).End == TrainingEnd.Cancelled)
            throw new OperationCanceledException(cancellation);
        durations.Sort();
        return (durations.Sum(), durations[durations.Count / 2]);
    }
}
