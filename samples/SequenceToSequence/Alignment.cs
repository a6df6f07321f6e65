using System.Text;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.SequenceToSequence;

/// <summary>The attention of a model while it wrote a translation.</summary>
/// <param name="Source">Words or characters of the source.</param>
/// <param name="Target">Words or characters of the translation, and its end if it has one.</param>
/// <param name="Layers">
/// For each layer that attends to the source, weights of shape (N, T, S); empty where nothing attends.
/// </param>
/// <param name="Heads">N, the number of heads.</param>
internal sealed record Alignment(IReadOnlyList<string> Source, IReadOnlyList<string> Target,
    IReadOnlyList<float[]> Layers, int Heads)
{
    /// <summary>The name of the end of a translation.</summary>
    public const string End = "end";

    private const string Start = "start";

    /// <summary>For each layer of a Transformer's encoder, weights of shape (N, S, S); else empty.</summary>
    public IReadOnlyList<float[]> WithinSource { get; private init; } = [];

    /// <summary>For each layer of a Transformer's decoder, weights of shape (N, T, T); else empty.</summary>
    public IReadOnlyList<float[]> WithinTarget { get; private init; } = [];

    /// <summary>Lets a model write a translation again and keeps what it attends to.</summary>
    /// <param name="model">A model in evaluation mode.</param>
    /// <param name="translated">The translation that it wrote, of a source of at least one token.</param>
    public static Alignment Of(EncoderDecoderModel model, Translation translated)
    {
        var vocabularies = ModelText.VocabulariesOf(model);
        int[] source = [.. translated.Source];
        string[] units = [.. translated.Tokens.Select(vocabularies.Target.Decode)];
        int[] input = [SpecialToken.Start, .. translated.Tokens.SkipLast(translated.IsComplete ? 0 : 1)];
        using var scope = new TensorScope("alignment");
        using var read = IndexTensor.FromSpan(source, new Shape(1, source.Length));
        using var written = IndexTensor.FromSpan(input, new Shape(1, input.Length));
        var inside = (model as Transformer)?.AttentionWeights(read, null, written);
        var attention = inside?.Source ?? model.Forward(read, null, written, returnAttention: true).Attention;
        return new Alignment(
            [.. source.Select(vocabularies.Source.Decode)],
            translated.IsComplete ? [.. units, End] : units,
            Values(attention),
            attention.Count == 0 ? 0 : attention[0].Shape[1])
        {
            WithinSource = Values(inside?.Encoder ?? []),
            WithinTarget = Values(inside?.Decoder ?? []),
        };
    }

    /// <summary>Adds the weights to a page.</summary>
    /// <param name="page">The page to add to.</param>
    /// <param name="heading">The heading of the maps.</param>
    public void AddTo(AttentionPage page, string heading)
    {
        page.Add(heading, Layers, Heads, Target, Source, "translation", "source");
        if (WithinSource.Count > 0)
            page.Add("Within the source", WithinSource, Heads, Source, Source, "source", "source");
        string[] inputs = [Start, .. Target.SkipLast(1)];
        if (WithinTarget.Count > 0)
            page.Add("Within the translation", WithinTarget, Heads, inputs, inputs, "translation", "translation", isCausal: true);
    }

    /// <summary>The last layer's weights, its heads averaged, as lines of characters; empty where nothing attends.</summary>
    public IEnumerable<string> Lines()
    {
        if (Layers.Count == 0)
            yield break;
        string[] rows = [.. Target.Select(HeatMap.Visible)], columns = [.. Source.Select(HeatMap.Visible)];
        var left = rows.Max(w => w.Length);
        var gap = columns.All(c => c.Length == 1) ? "" : " ";
        yield return new string(' ', left + 2) + string.Join(gap, columns);
        for (var t = 0; t < rows.Length; t++)
        {
            var line = new StringBuilder(rows[t].PadLeft(left)).Append("  ");
            for (var s = 0; s < columns.Length; s++)
            {
                var weight = Enumerable.Range(0, Heads).Average(h => Layers[^1][(((h * rows.Length) + t) * columns.Length) + s]);
                line.Append(" ░▒▓█"[(int)Math.Min(4, weight * 5)], columns[s].Length).Append(gap);
            }

            yield return line.ToString().TrimEnd();
        }
    }

    /// <summary>Writes a page of the attention of a model.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="model">The model that wrote the translations.</param>
    /// <param name="alignments">One for each translation.</param>
    /// <returns>The path; null if the model does not attend.</returns>
    public static string? WritePage(string path, EncoderDecoderModel model, IReadOnlyList<Alignment> alignments)
    {
        if (!ModelText.Attends(model))
            return null;
        var gap = ModelText.VocabulariesOf(model).Level == Levels.Words ? " " : "";
        var page = new AttentionPage("What the model looked at",
            $"{ModelText.Describe(model)}. Each row is a token of the translation and shows where the model looked to write it:"
                + " the stronger the colour of a cell, the more it looked at the token of that column.");
        foreach (var alignment in alignments)
        {
            alignment.AddTo(page,
                $"{Join(gap, alignment.Source)} \u2192 {Join(gap, alignment.Target.Where(t => t != Alignment.End))}");
        }

        page.Save(path);
        return path;
    }

    private static string Join(string gap, IEnumerable<string> tokens) => string.Join(gap, tokens).Trim();

    private static float[][] Values(IReadOnlyList<Variable> weights) => [.. weights.Select(w => w.Value.ToArray())];
}
