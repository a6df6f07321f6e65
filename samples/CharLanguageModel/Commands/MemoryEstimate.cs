using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>Refuses sizes that this machine's memory cannot hold before they are tried.</summary>
internal static class MemoryEstimate
{
    /// <summary>Compares a lower bound of the memory that training needs with what the machine has.</summary>
    /// <exception cref="UserException">It needs more, or a tensor would have more than 2^31 - 1 elements.</exception>
    public static void Check(TrainingSettings settings, int vocabulary)
    {
        var (elements, largest) = Estimate(settings, vocabulary);
        MemoryLimit.Check(elements, largest, "--batch, --sequence, --hidden, --embedding or --layers");
    }

    private static (double Elements, double Largest) Estimate(TrainingSettings s, double vocabulary) =>
        s.Gpt is { } gpt ? Estimate(gpt, s, vocabulary) : Estimate(s.Recurrent, s, vocabulary);

    /// <summary>
    /// Parameters as below; for each block two norms, the heads' queries, keys, values and results, and the feed-forward
    /// part, 4 D wide twice.
    /// </summary>
    private static (double Elements, double Largest) Estimate(GptOptions gpt, TrainingSettings s, double vocabulary)
    {
        double channels = gpt.ModelSize, characters = (double)s.Run.Batch * s.Sequence;
        var parameters = (vocabulary + s.Sequence) * channels + gpt.Layers * 12 * channels * channels;
        var activations = characters * (channels + gpt.Layers * 15 * channels + vocabulary);
        double[] tensors = [characters * 4 * channels, characters * vocabulary, 4 * channels * channels, s.Sequence * channels];
        return (4 * parameters + activations, tensors.Max());
    }

    /// <summary>
    /// Parameters with gradients and Adam's two averages; embeddings, what the layers keep and give, and logits for each
    /// character.
    /// </summary>
    private static (double Elements, double Largest) Estimate(RecurrentLanguageModelOptions o,
        TrainingSettings s, double vocabulary)
    {
        double gates = o.Kind switch { RecurrentKind.Lstm => 4, RecurrentKind.Gru => 3, _ => 1 };
        double hidden = o.HiddenSize, embedding = o.EmbeddingSize, characters = (double)s.Run.Batch * s.Sequence;
        double Workspace(int input) => WorkspaceSize.Of(o.Kind, s.Run.Batch, s.Sequence, input, o.HiddenSize);
        var recurrent = gates * hidden * (embedding + hidden) + (o.Layers - 1) * gates * hidden * 2 * hidden;
        var parameters = vocabulary * (embedding + hidden) + recurrent;
        var activations = characters * (embedding + o.Layers * hidden + vocabulary)
            + Workspace(o.EmbeddingSize) + (o.Layers - 1) * Workspace(o.HiddenSize);
        double[] tensors = [Workspace(o.EmbeddingSize), Workspace(o.HiddenSize), characters * vocabulary, characters * embedding,
            gates * hidden * Math.Max(hidden, embedding)];
        return (4 * parameters + activations, tensors.Max());
    }
}
