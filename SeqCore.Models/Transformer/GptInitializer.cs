using SeqCore.Tensors;

namespace SeqCore.Models;

/// <summary>
/// First values of GPT-2 (Radford et al., "Language models are unsupervised multitask learners", 2019) as nanoGPT has them: weights
/// N(0, 0.02^2), biases 0, and the layers that write into the residual stream narrower by sqrt(2 L), for L blocks add 2 L of them.
/// </summary>
internal static class GptInitializer
{
    private const float StandardDeviation = 0.02f;

    internal static Linear Linear(int inputSize, int outputSize, bool bias, RandomGenerator random) =>
        Make(inputSize, outputSize, bias, StandardDeviation, random);

    internal static Linear Residual(int inputSize, int outputSize, GptOptions options, RandomGenerator random) =>
        Make(inputSize, outputSize, options.Bias, StandardDeviation / MathF.Sqrt(2f * options.Layers), random);

    internal static Embedding Embedding(int rows, int size, RandomGenerator random)
    {
        var embedding = new Embedding(rows, size, random);
        Initializer.Normal(embedding.Weight.Value, 0f, StandardDeviation, random);
        return embedding;
    }

    private static Linear Make(int inputSize, int outputSize, bool bias, float deviation, RandomGenerator random)
    {
        var linear = new Linear(inputSize, outputSize, random, bias);
        Initializer.Normal(linear.Weight.Value, 0f, deviation, random);
        if (linear.Bias is { } b)
            Initializer.Constant(b.Value, 0f);
        return linear;
    }
}
