using SeqCore.Models;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>A core between an embedding of tokens (or a linear layer for pairs of numbers) and a linear head.</summary>
internal sealed class SequenceModel : Module
{
    private readonly Embedding? embedding;
    private readonly Linear? input;
    private readonly Linear head;

    /// <param name="vocabularySize">V, or 0 for pairs of numbers.</param>
    /// <param name="inputSize">E, width of the vectors that the core reads.</param>
    /// <param name="core">The core that is compared.</param>
    /// <param name="outputSize">The numbers of each answer.</param>
    /// <param name="random">Draws the initial values.</param>
    internal SequenceModel(int vocabularySize, int inputSize, SequenceCore core, int outputSize, RandomGenerator random)
    {
        if (vocabularySize > 0)
            embedding = Register("embedding", new Embedding(vocabularySize, inputSize, random));
        else
            input = Register("input", new Linear(2, inputSize, random));
        Core = Register("core", core);
        head = Register("head", new Linear(core.OutputSize, outputSize, random));
    }

    /// <summary>The core that is compared.</summary>
    internal SequenceCore Core { get; }

    /// <summary>The vectors that the core reads, shape (B, T, E).</summary>
    internal Variable Embed(TaskBatch batch) => embedding?.Forward(batch.Tokens!) ?? input!.Forward(batch.Numbers!);

    /// <summary>The answers at the last steps, shape (B, answers, outputs).</summary>
    internal Variable Answer(TaskBatch batch, int answers) => head.Forward(Core.Last(Embed(batch), answers));

    /// <summary>Returns an output at every step, as a language model does. Shapes (B, T) to (B, T, outputs).</summary>
    internal Variable Predict(IndexTensor tokens) => head.Forward(Core.Forward(embedding!.Forward(tokens)));
}

/// <summary>Makes models of different kinds comparable, with equal numbers of parameters.</summary>
internal static class Sizing
{
    /// <summary>The number of units whose parameter count is nearest to the requested one.</summary>
    /// <param name="wanted">The requested number of parameters.</param>
    /// <param name="count">The parameter count of a model with n units; rises with n.</param>
    internal static int Nearest(long wanted, Func<int, long> count)
    {
        var high = 1;
        while (count(high) < wanted)
            high *= 2;
        var low = high / 2;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            (low, high) = count(middle) < wanted ? (middle, high) : (low, middle);
        }

        return low >= 1 && wanted - count(low) < count(high) - wanted ? low : high;
    }
}
