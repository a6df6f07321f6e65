namespace SeqCore.Models;

/// <summary>Makes layers with initial weights N(0, s^2) and biases 0, as in GPT and BERT.</summary>
internal static class NormalInitializer
{
    /// <summary>The standard deviation s of GPT-2 and BERT.</summary>
    internal const float StandardDeviation = 0.02f;

    /// <summary>Makes a linear layer, which is initialised as in PyTorch if s is null.</summary>
    internal static Linear Linear(int inputSize, int outputSize, RandomGenerator random, bool bias = true,
        float? deviation = StandardDeviation)
    {
        var linear = new Linear(inputSize, outputSize, random, bias);
        if (deviation is not { } s)
            return linear;
        Initializer.Normal(linear.Weight.Value, 0f, s, random);
        if (linear.Bias is { } b)
            Initializer.Constant(b.Value, 0f);
        return linear;
    }

    /// <summary>Fills the weight of a linear layer, or the part of a packed weight that belongs to a layer.</summary>
    internal static void Fill(Tensor weight, bool bias, float deviation, RandomGenerator random)
    {
        // Separate layers draw PyTorch's values first: a seed gives the same weights whether they are packed or not.
        random.Take(weight.ElementCount);
        random.Take(bias ? weight.Shape[0] : 0);
        Initializer.Normal(weight, 0f, deviation, random);
    }

    /// <summary>Makes a table of embeddings.</summary>
    internal static Embedding Embedding(int rows, int size, RandomGenerator random, float deviation = StandardDeviation)
    {
        var embedding = new Embedding(rows, size, random);
        Initializer.Normal(embedding.Weight.Value, 0f, deviation, random);
        return embedding;
    }
}
