using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Samples.SequenceToSequence.Commands;

namespace SeqCore.Samples.SequenceToSequence.Translation;

/// <summary>Lets a model write what becomes of sources.</summary>
/// <param name="model">In evaluation mode.</param>
/// <param name="longest">The most tokens of a translation.</param>
/// <param name="settings">How to look for the best.</param>
internal sealed class Translator(EncoderDecoderModel model, int longest, DecodingSettings settings)
{
    private const int BatchSize = 64;

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
            .Chunk(Math.Max(1, BatchSize / settings.Beam)))
        {
            var found = TranslateTogether([.. chunk.Select(i => sources[i])], cancellation);
            for (var i = 0; i < chunk.Length; i++)
                best[chunk[i]] = found[i];
        }

        return best;
    }

    private IReadOnlyList<Translated>[] TranslateTogether(int[][] sources, CancellationToken cancellation)
    {
        using var scope = new TensorScope("translation");
        var width = sources.Max(s => s.Length);
        int[] padded = [.. sources.SelectMany(s => s.Concat(Enumerable.Repeat(SpecialToken.Padding, width - s.Length)))];
        using var tokens = IndexTensor.FromSpan(padded, new Shape(sources.Length, width));
        using var lengths = IndexTensor.FromSpan([.. sources.Select(s => s.Length)], new Shape(sources.Length));
        using var stream = model.NewStream(tokens, lengths, settings.Beam);
        var search = new BeamSearch(stream, new BeamSearchOptions
        {
            MaximumLength = longest,
            EndToken = SpecialToken.End,
            ForbiddenTokens = SpecialToken.NeverWritten,
            LengthPenalty = settings.LengthPenalty,
            Width = settings.Beam,
            Results = settings.Beam,
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
