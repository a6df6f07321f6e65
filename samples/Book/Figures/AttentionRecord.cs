using System.Text.Json;
using SeqCore.Models;
using SeqCore.Samples.SequenceToSequence;

namespace SeqCore.Samples.Book;

/// <summary>The attention of a trained model while it wrote one date.</summary>
/// <param name="Source">The characters that it read.</param>
/// <param name="Target">The characters that it wrote, and their end.</param>
/// <param name="Weights">The weights, shape (T, S), row by row.</param>
internal sealed record AttentionRecord(string[] Source, string[] Target, float[] Weights)
{
    private const int Steps = 300, Batch = 64, Longest = 64;
    private static readonly JsonSerializerOptions json = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Reads a record.</summary>
    internal static AttentionRecord Parse(string text) => JsonSerializer.Deserialize<AttentionRecord>(text, json)!;

    /// <summary>The record as a line of JSON, with three decimals for each weight.</summary>
    internal string ToJson() =>
        JsonSerializer.Serialize(this with { Weights = Array.ConvertAll(Weights, w => MathF.Round(w, 3)) }, json) + "\n";

    /// <summary>Trains the model of chapter 6 for some seconds and lets it read a date that it has not seen.</summary>
    /// <param name="date">The date to read.</param>
    internal static AttentionRecord Train(string date)
    {
        var corpus = new PairCorpus(Dates.All(), "dates");
        var vocabularies = Vocabularies.Of(corpus.Training, Levels.Characters, most: 0);
        var options = new TrainOptions();
        using var model = options.NewModel(vocabularies, new RandomGenerator(options.Seed));
        using var task = new SequencePairTask(model,
            new SequencePairBatches(new SequencePairs(vocabularies.Encode(corpus.Training, Longest)), Batch, ~options.Seed),
            new SequencePairs(vocabularies.Encode(corpus.Validation, Longest)));
        using var optimizer = options.NewOptimizer(model);
        new Trainer(task, optimizer, new TrainerOptions { Steps = Steps }, new WarmUpSchedule(20, new CosineSchedule(Steps, 0.1)))
            .Run();
        model.Evaluate();
        var alignment = Alignment.Of(model, model.Translate(date, new TranslationOptions { BeamWidth = 1 }));
        return new AttentionRecord([.. alignment.Source], [.. alignment.Target], alignment.Layers[^1]);
    }
}
