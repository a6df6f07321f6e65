using SeqCore.Samples.Common;

namespace SeqCore.Samples.MaskedLanguageModel.Commands;

/// <summary>Refuses sizes that this machine's memory cannot hold before they are tried.</summary>
internal static class MemoryEstimate
{
    /// <summary>Compares a lower bound of the memory that training needs with what the machine has.</summary>
    /// <exception cref="UserException">It needs more, or a tensor would have more than 2^31 - 1 elements.</exception>
    public static void Check(TrainingSettings settings, int vocabulary)
    {
        var (elements, largest) = Estimate(settings, vocabulary);
        MemoryLimit.Check(elements, largest, "--batch, --sequence, --hidden, --vocabulary or --layers");
    }

    /// <summary>
    /// Parameters with gradients and Adam's two averages; of each layer the packed q, k and v, two sums, and twice the wide part.
    /// </summary>
    private static (double Elements, double Largest) Estimate(TrainingSettings s, double vocabulary)
    {
        double width = s.Bert.ModelSize, length = s.Bert.MaximumLength, layers = s.Bert.Layers, tokens = s.Run.Batch * length;
        var parameters = (vocabulary + length) * width + layers * 12 * width * width;
        var activations = tokens * layers * 13 * width + s.MaskShare * tokens * vocabulary;
        double[] tensors = [4 * width * width, (double)vocabulary * width, 4 * tokens * width, s.MaskShare * tokens * vocabulary];
        return (4 * parameters + activations, tensors.Max());
    }
}
