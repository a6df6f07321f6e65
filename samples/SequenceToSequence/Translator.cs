using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.SequenceToSequence;

/// <summary>Lets a model write what becomes of sources.</summary>
/// <param name="model">In evaluation mode.</param>
/// <param name="longest">The most tokens of a translation.</param>
/// <param name="beam">Beginnings that are followed at once; 1 always takes the likeliest token.</param>
/// <param name="lengthPenalty">More prefers longer translations.</param>
internal sealed class Translator(EncoderDecoderModel model, int longest, int beam, float lengthPenalty)
{
    private const int BatchSize = 64;

    /// <summary>Adds the options of how translations are searched to a command.</summary>
    public static void AddTo(Command command)
    {
        command.Add(OptionKinds.Whole("--beam", "Beginnings that are followed at once; 1 always takes the likeliest token.", 1,
            1, 1024));
        command.Add(OptionKinds.Real("--length-penalty", "0 compares plain probabilities, more prefers longer translations.", 0,
            "from 0 to 10", p => p is >= 0 and <= 10));
    }

    /// <summary>A translator as a command line asks for it.</summary>
    public static Translator From(ParseResult result, EncoderDecoderModel model, int longest) =>
        new(model, longest, result.GetValue<int>("--beam"), result.GetValue<float>("--length-penalty"));

    /// <summary>The most tokens of a source or translation that a model was trained on.</summary>
    public static int LongestOf(TrainedModel<EncoderDecoderModel> trained) =>
        trained.Number("sequence", trained.Model.MaximumLength ?? 64);

    /// <summary>Translates sources, many side by side.</summary>
    /// <param name="sources">Tokens of each, at least one.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>For each the translations found, the best first.</returns>
    public IReadOnlyList<IReadOnlyList<Translated>> TranslateAll(IReadOnlyList<int[]> sources, CancellationToken cancellation)
    {
        var best = new IReadOnlyList<Translated>[sources.Count];

        // Sources of like length are done together.
        foreach (var chunk in Enumerable.Range(0, sources.Count).OrderBy(i => sources[i].Length)
            .Chunk(Math.Max(1, BatchSize / beam)))
        {
            var found = TranslateTogether([.. chunk.Select(i => sources[i])], cancellation);
            for (var i = 0; i < chunk.Length; i++)
                best[chunk[i]] = found[i];
        }

        return best;
    }

    /// <summary>Translates the different sources of some pairs and counts those that are right.</summary>
    /// <param name="pairs">For validation.</param>
    /// <param name="most">Sources at most.</param>
    /// <param name="cancellation">Ends it.</param>
    public (Score Score, IReadOnlyList<(int[] Source, Translated Translated)> Translations) Examine(
        IEnumerable<(int[] Source, int[] Target)> pairs, int most, CancellationToken cancellation)
    {
        var groups = pairs.GroupBy(p => string.Join(',', p.Source)).Take(most).Select(g => g.ToArray()).ToArray();
        int[][] sources = [.. groups.Select(g => g[0].Source)];
        Translated[] found = [.. TranslateAll(sources, cancellation).Select(t => t[0])];
        var score = Score.Of(found, groups.Select(g => (IReadOnlyList<int[]>)[.. g.Select(p => p.Target)]));
        return (score, [.. sources.Zip(found)]);
    }

    private IReadOnlyList<Translated>[] TranslateTogether(int[][] sources, CancellationToken cancellation)
    {
        using var scope = new TensorScope("translation");
        var width = sources.Max(s => s.Length);
        int[] padded = [.. sources.SelectMany(s => s.Concat(Enumerable.Repeat(SpecialToken.Padding, width - s.Length)))];
        using var tokens = IndexTensor.FromSpan(padded, new Shape(sources.Length, width));
        using var lengths = IndexTensor.FromSpan([.. sources.Select(s => s.Length)], new Shape(sources.Length));
        using var stream = model.NewStream(tokens, lengths, beam);
        var search = new BeamSearch(stream, new BeamSearchOptions
        {
            MaximumLength = longest,
            EndToken = SpecialToken.End,
            ForbiddenTokens = SpecialToken.NeverWritten,
            LengthPenalty = lengthPenalty,
            Width = beam,
            Results = beam,
        });
        return [.. search.SearchAll([SpecialToken.Start], cancellation)
            .Select(found => (IReadOnlyList<Translated>)[.. found.Select(Read)])];
    }

    private Translated Read(BeamHypothesis found)
    {
        var tokens = (found.IsComplete ? found.Tokens[..^1] : found.Tokens).ToArray();
        return new Translated(model.TargetTokenizer!.Decode(tokens), tokens, found.LogProbability, found.IsComplete);
    }
}

/// <summary>What a model made of a text.</summary>
/// <param name="Text">As people would write it.</param>
/// <param name="Tokens">Without the end.</param>
/// <param name="LogProbability">Of the tokens and the end.</param>
/// <param name="IsComplete">Whether it came to an end by itself.</param>
internal sealed record Translated(string Text, int[] Tokens, double LogProbability, bool IsComplete);

/// <summary>How many translations are right.</summary>
/// <param name="Count">Sources.</param>
/// <param name="Right">Those whose best translation is one of those that were wanted, token by token.</param>
internal readonly record struct Score(int Count, int Right)
{
    /// <summary>In [0, 1].</summary>
    public double Share => (double)Right / Count;

    /// <summary>Compares translations with what was wanted.</summary>
    /// <param name="translations">Of each source.</param>
    /// <param name="wanted">Of each source, every right translation.</param>
    public static Score Of(IEnumerable<Translated> translations, IEnumerable<IReadOnlyList<int[]>> wanted)
    {
        var right = translations.Zip(wanted,
            (t, all) => t.IsComplete && all.Any(w => w.AsSpan().SequenceEqual(t.Tokens))).ToArray();
        return new Score(right.Length, right.Count(r => r));
    }
}
