using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Samples.SequenceToSequence.Data;

namespace SeqCore.Samples.SequenceToSequence.Commands;

/// <summary>Refuses sizes that this machine's memory cannot hold before they are tried.</summary>
internal static class MemoryEstimate
{
    /// <summary>Compares a lower bound of the memory that training needs with what the machine has.</summary>
    /// <param name="settings">The model and the batches.</param>
    /// <param name="vocabularies">Of the pairs.</param>
    /// <param name="pairs">What is trained on.</param>
    /// <exception cref="UserException">It needs more, or a tensor would have more than 2^31 - 1 elements.</exception>
    public static void Check(TrainingSettings settings, Vocabularies vocabularies,
        IReadOnlyList<(int[] Source, int[] Target)> pairs)
    {
        if (pairs.Count == 0)
            throw new UserException($"No pair has at most {settings.Sequence} tokens on either side. Make --sequence larger.");

        // Batches need not be of the longest pairs: half of all pairs are at least this long.
        int read = Middle(pairs.Select(p => p.Source.Length)), written = Middle(pairs.Select(p => p.Target.Length + 1));
        var (batch, sources, targets) = ((double)settings.Run.Batch, (double)vocabularies.Source.Count,
            (double)vocabularies.Target.Count);
        var (parameters, layers, largest) = settings.Transformer is { } transformer
            ? Transformer(transformer, batch, read, written, sources, targets)
            : Recurrent(settings.Recurrent, settings.Run.Batch, read, written, sources, targets);

        // But one batch holds the longest pair, and all of it is filled up to that length.
        var (longest, together) = (pairs.Max(p => Math.Max(p.Source.Length, p.Target.Length + 1)), Math.Min(batch, pairs.Count));
        double[] tensors = [largest, together * longest * targets, settings.Transformer is { } t
            ? together * longest * 4 * t.Layer.ModelSize
            : WorkspaceSize.Of(settings.Recurrent.Kind, (int)together, longest, settings.Recurrent.EmbeddingSize,
                settings.Recurrent.HiddenSize)];
        MemoryLimit.Check(4 * parameters + layers + batch * written * targets, tensors.Max(),
            "--batch, --sequence, --hidden, --embedding or --layers");
    }

    /// <summary>
    /// Embeddings and gates with gradients and Adam's two averages; what the layers keep and give at each step, and what scores
    /// compare.
    /// </summary>
    private static (double Parameters, double Layers, double Largest) Recurrent(RecurrentEncoderDecoderOptions options,
        int batch, int read, int written, double sources, double targets)
    {
        double Workspace(int steps, int input, int hidden) =>
            WorkspaceSize.Of(options.Kind, batch, steps, input, hidden);
        double gates = options.Kind switch { RecurrentKind.Lstm => 4, RecurrentKind.Gru => 3, _ => 1 }, h = options.HiddenSize,
            e = options.EmbeddingSize;
        var encoder = gates * h * (e + h / 2) + (options.Layers - 1) * gates * h * 1.5 * h;
        var decoder = gates * h * (e + h) + (options.Layers - 1) * gates * 2 * h * h;
        var compared = options.Attention is AttentionScore.Additive or AttentionScore.Concat
            ? (double)batch * read * written * h : 0;
        var directions = options.Bidirectional ? 2 : 1;
        double encoding = Workspace(read, options.EmbeddingSize, options.HiddenSize / directions),
            decoding = Workspace(written, options.EmbeddingSize, options.HiddenSize);
        var layers = (double)batch * (read + written) * (e + options.Layers * h)
            + options.Layers * (directions * encoding + decoding) + compared;
        double[] tensors = [encoding, decoding, gates * h * Math.Max(h, e), sources * e, targets * Math.Max(h, e), compared];
        return ((sources + targets) * e + encoder + decoder + targets * h, layers, tensors.Max());
    }

    /// <summary>
    /// Twelve squares of the width in a layer of the encoder and sixteen in one of the decoder; norms, heads and the feed-forward
    /// part of each token.
    /// </summary>
    private static (double Parameters, double Layers, double Largest) Transformer(TransformerOptions options, double batch,
        double read, double written, double sources, double targets)
    {
        double d = options.Layer.ModelSize;
        double[] tensors = [4 * d * d, Math.Max(sources, targets) * d, batch * Math.Max(read, written) * 4 * d];
        return ((sources + targets) * d + options.EncoderLayers * 28 * d * d,
            batch * options.EncoderLayers * d * (15 * read + 20 * written), tensors.Max());
    }

    private static int Middle(IEnumerable<int> lengths)
    {
        var sorted = lengths.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
