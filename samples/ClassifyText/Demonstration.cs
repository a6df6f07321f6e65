using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifyText;

/// <summary>
/// What the program does without a command: trains a bag of words on the built-in reviews, which cannot learn them, then a
/// model that reads words in their order.
/// </summary>
internal sealed class Demonstration() : TrainCommand(isDemonstration: true)
{
    private const int Steps = 300;

    /// <inheritdoc/>
    protected override bool Introduce(LabelledData texts, TrainOptions options, Machine machine, Context context)
    {
        var terminal = context.Terminal;
        if (texts.Test.Count == 0)
            return true;
        terminal.Paragraph("First a bag of words, which sees what words a text has but not their order.");
        var bag = options with
        {
            Encoder = options.Encoder with { Kind = TextEncoderKind.Embedding },
            Members = 1,
            Ngrams = 0,
            Pooling = "auto",
            Iterations = Math.Min(Steps, options.Iterations),
        };
        using var model = New(bag, texts, new RandomGenerator(options.Seed), context.Cancellation);
        using var task = new TextClassifierTask(model, texts.Training, texts.Validation, bag.Batch, ~bag.Seed)
        {
            EvaluatesAccuracy = true,
        };
        using var optimizer = bag.NewOptimizer(model);
        var settings = new TrainerOptions { Steps = bag.Iterations, RestoreBest = true, EvaluateEvery = 100 };
        var trained = new Trainer(task, optimizer, settings).Run(context.Cancellation);
        if (trained.End == TrainingEnd.Cancelled)
            return false;
        var scores = new TextScores(model, texts.Test, context.Cancellation);
        terminal.Heading($"Bag of words: {scores.Describe("test")}");
        terminal.Result([("event", "baseline"), ("model", "embedding"), ("test", scores.Values)]);
        terminal.Line();
        return true;
    }
}
