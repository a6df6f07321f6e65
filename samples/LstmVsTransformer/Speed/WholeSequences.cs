using SeqCore.Kernels;
using SeqCore.Samples.LstmVsTransformer.Contenders;

namespace SeqCore.Samples.LstmVsTransformer.Speed;

/// <summary>One sequence of random tokens through a model, until the device has done it.</summary>
internal static class WholeSequences
{
    /// <summary>Random tokens, shape (1, T).</summary>
    internal static IndexTensor Tokens(int length, int vocabulary)
    {
        var random = new RandomGenerator(1);
        return IndexTensor.FromSpan([.. Enumerable.Range(0, length).Select(_ => random.NextInt32(vocabulary))], [1, length]);
    }

    /// <summary>Inference: an output at every step.</summary>
    internal static void Infer(SequenceModel model, IndexTensor tokens)
    {
        using var scope = new TensorScope("inference");
        model.Predict(tokens);
        Backend.Default.Synchronize();
    }

    /// <summary>Forward and backward of a language model's loss; the gradients are left with the parameters.</summary>
    internal static void Train(SequenceModel model, IndexTensor tokens)
    {
        model.ZeroGradients();
        using var tape = new Tape();
        tape.Backward(model.Predict(tokens).CrossEntropy(tokens));
        Backend.Default.Synchronize();
    }
}
