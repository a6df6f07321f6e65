using SeqCore.Samples.Common;

namespace SeqCore.Samples.SequenceToSequence.Commands;

/// <summary>Refuses sizes that this machine's memory cannot hold before they are tried.</summary>
internal static class MemoryEstimate
{
    /// <summary>Compares a lower bound of the memory that training needs with what the machine has.</summary>
    /// <param name="form">Of the model.</param>
    /// <param name="batch">B</param>
    /// <param name="pairs">What is trained on.</param>
    /// <exception cref="UserException">It needs more, or a tensor would have more than 2^31 - 1 elements.</exception>
    public static void Check(ModelForm form, double batch, IReadOnlyList<(int[] Source, int[] Target)> pairs)
    {
        if (pairs.Count == 0)
            throw new UserException($"No pair has at most {form.Sequence} tokens on either side. Make --sequence greater.");

        // Batches need not be of the longest pairs: half of all pairs are at least this long.
        double read = Middle(pairs.Select(p => p.Source.Length)), written = Middle(pairs.Select(p => p.Target.Length + 1));
        var (parameters, layers, largest) = form.IsTransformer ? Transformer(form, batch, read, written) : Recurrent(form, batch, read, written);
        var logits = batch * written * form.Vocabularies.Target.Count;
        MemoryLimit.Check(4 * parameters + layers + logits, Math.Max(largest, logits), "--batch, --sequence, --hidden, --embedding or --layers");
    }

    /// <summary>Embeddings and gates with gradients and Adam's two averages; gates, hidden and cell states of each step, and what scores compare.</summary>
    private static (double Parameters, double Layers, double Largest) Recurrent(ModelForm form, double batch, double read, double written)
    {
        double gates = form.Kind switch { "lstm" => 4, "gru" => 3, _ => 1 }, h = form.Hidden, e = form.Embedding;
        var (sources, targets) = ((double)form.Vocabularies.Source.Count, (double)form.Vocabularies.Target.Count);
        var encoder = gates * h * (e + h / 2) + (form.Layers - 1) * gates * h * 1.5 * h;
        var decoder = gates * h * (e + h) + (form.Layers - 1) * gates * 2 * h * h;
        var compared = form.Attention is "additive" or "concat" or "hard-reinforce" or "hard-gumbel" ? batch * read * written * h : 0;
        var layers = batch * (read + written) * (e + form.Layers * (gates + 1) * h) + compared;
        double[] tensors = [gates * h * Math.Max(h, e), sources * e, targets * Math.Max(h, e), compared];
        return ((sources + targets) * e + encoder + decoder + targets * h, layers, tensors.Max());
    }

    /// <summary>Twelve squares of the width in a layer of the encoder and sixteen in one of the decoder; norms, heads and the feed-forward part of each token.</summary>
    private static (double Parameters, double Layers, double Largest) Transformer(ModelForm form, double batch, double read, double written)
    {
        double d = form.Hidden;
        var (sources, targets) = ((double)form.Vocabularies.Source.Count, (double)form.Vocabularies.Target.Count);
        double[] tensors = [4 * d * d, Math.Max(sources, targets) * d, batch * Math.Max(read, written) * 4 * d];
        return ((sources + targets) * d + form.Layers * 28 * d * d, batch * form.Layers * d * (15 * read + 20 * written), tensors.Max());
    }

    private static double Middle(IEnumerable<int> lengths)
    {
        var sorted = lengths.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
