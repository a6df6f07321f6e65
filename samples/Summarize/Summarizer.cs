using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Summarize;

/// <summary>Summarizes texts with a model.</summary>
/// <param name="model">A model in evaluation mode, with its tokenizer.</param>
/// <param name="limits">How texts are cut, and how long a summary may be.</param>
/// <param name="beam">The beam width; 1 always takes the likeliest token.</param>
/// <param name="lengthPenalty">The exponent of the length penalty; larger values prefer longer summaries.</param>
/// <param name="noRepeatNgram">The number of tokens that no summary may have in a row twice; 0 for no limit.</param>
internal sealed class Summarizer(EncoderDecoderModel model, Limits limits, int beam, float lengthPenalty, int noRepeatNgram)
{
    private const int BatchSize = 64;

    /// <summary>Adds the options of the search for summaries to a command.</summary>
    public static void AddTo(Command command)
    {
        command.StartGroup("Writing");
        command.Add(OptionKinds.Whole("--beam", "Beam width; 1 always takes the likeliest token.", 4, 1, 1024));
        command.Add(OptionKinds.Real("--length-penalty",
            "Length penalty: 0 compares plain probabilities, larger values prefer longer summaries.", 1,
            "from 0 to 10", p => p is >= 0 and <= 10));
        command.Add(OptionKinds.Whole("--no-repeat-ngram", "Tokens that no summary may have in a row twice; 0 allows it.", 3, 0,
            1024));
    }

    /// <summary>A summarizer with the options of a command line.</summary>
    public static Summarizer From(ParseResult result, EncoderDecoderModel model, Limits limits) =>
        new(model, limits, result.GetValue<int>("--beam"), result.GetValue<float>("--length-penalty"),
            result.GetValue<int>("--no-repeat-ngram"));

    /// <summary>Summarizes texts, many side by side.</summary>
    /// <param name="texts">The texts, none of them empty.</param>
    /// <param name="cancellation">Stops early.</param>
    public string[] Summarize(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        var (summaries, sources) = (new string[texts.Count], texts.Select(Encode).ToArray());

        // Texts of similar length are summarized together.
        foreach (var chunk in Enumerable.Range(0, sources.Length).OrderBy(i => sources[i].Length)
            .Chunk(Math.Max(1, BatchSize / beam)))
        {
            var found = Together([.. chunk.Select(i => sources[i])], cancellation);
            for (var i = 0; i < chunk.Length; i++)
                summaries[chunk[i]] = found[i];
        }

        return summaries;
    }

    private int[] Encode(string text) => limits.Source(model.SourceTokenizer!.Encode(limits.Read(text)));

    private string[] Together(int[][] sources, CancellationToken cancellation)
    {
        using var scope = new TensorScope("summaries");
        var width = sources.Max(s => s.Length);
        int[] padded = [.. sources.SelectMany(s => s.Concat(Enumerable.Repeat(SpecialToken.Padding, width - s.Length)))];
        using var tokens = IndexTensor.FromSpan(padded, new Shape(sources.Length, width));
        using var lengths = IndexTensor.FromSpan([.. sources.Select(s => s.Length)], new Shape(sources.Length));
        using var stream = model.NewStream(tokens, lengths, beam);
        var search = new BeamSearch(stream, new BeamSearchOptions
        {
            MaximumLength = limits.Summary,
            EndToken = SpecialToken.End,
            ForbiddenTokens = [.. SpecialToken.NeverGenerated, SpecialToken.Unknown],
            LengthPenalty = lengthPenalty,
            NoRepeatNgram = noRepeatNgram,
            Width = beam,
        });
        return [.. search.SearchAll([SpecialToken.Start], cancellation).Select(found => Read(found[0]))];
    }

    private string Read(BeamHypothesis found) =>
        model.TargetTokenizer!.Decode((found.IsComplete ? found.Tokens[..^1] : found.Tokens).Span).Trim();
}

/// <summary>How texts become tokens.</summary>
/// <param name="Text">The largest number of tokens of a text; the rest is cut off.</param>
/// <param name="Summary">The largest number of tokens of a summary with its end; the rest is cut off in training.</param>
/// <param name="IsLowercase">Whether texts are read and summaries are written in lower case.</param>
internal sealed record Limits(int Text, int Summary, bool IsLowercase)
{
    /// <summary>The limits that a model was trained with.</summary>
    public static Limits Of(TrainedModel<EncoderDecoderModel> trained) => new(trained.Number("text_length", 512),
        trained.Number("summary_length", 128), trained.Configuration.GetValueOrDefault("lowercase") == bool.TrueString);

    /// <summary>A text as the tokenizer reads it.</summary>
    public string Read(string text) => IsLowercase ? text.ToLowerInvariant() : text;

    /// <summary>The tokens of a text that a model reads.</summary>
    public int[] Source(int[] tokens) => tokens.Length > Text ? tokens[..Text] : tokens;

    /// <summary>The tokens of a summary that a model learns to write.</summary>
    public int[] Target(int[] tokens) => tokens.Length >= Summary ? tokens[..(Summary - 1)] : tokens;
}
