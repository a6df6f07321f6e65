namespace SeqCore.Models;

/// <summary>First values of GPT and BERT: weights N(0, 0.02^2), biases 0.</summary>
internal static class TransformerInitializer
{
    internal const float StandardDeviation = 0.02f;

    internal static Linear Linear(int inputSize, int outputSize, RandomGenerator random, bool bias = true,
        float deviation = StandardDeviation)
    {
        var linear = new Linear(inputSize, outputSize, random, bias);
        Initializer.Normal(linear.Weight.Value, 0f, deviation, random);
        if (linear.Bias is { } b)
            Initializer.Constant(b.Value, 0f);
        return linear;
    }

    internal static Embedding Embedding(int rows, int size, RandomGenerator random)
    {
        var embedding = new Embedding(rows, size, random);
        Initializer.Normal(embedding.Weight.Value, 0f, StandardDeviation, random);
        return embedding;
    }
}
