namespace SeqCore.Models;

/// <summary>
/// Blocks of convolutions whose dilation doubles from block to block (TCN: Bai, Kolter and Koltun, arXiv:1803.01271). A block is
/// two convolutions, each with layer normalisation, ReLU and dropout, and what it reads is added to what it gives.
/// </summary>
/// <remarks>
/// Differs from the paper: layer normalisation instead of weight normalisation, and convolutions may reach to both sides.
/// </remarks>
internal sealed class DilatedConvolutions : Module
{
    // A dilation above this reaches beyond any series that fits into memory.
    private const int LargestPower = 20;

    private readonly Linear inputs;
    private readonly ModuleList<Conv1d> convolutions;
    private readonly ModuleList<LayerNorm> norms;
    private readonly Dropout? dropout;

    /// <summary>Makes the blocks.</summary>
    /// <param name="inputSize">The number of features of a step, I.</param>
    /// <param name="size">The number of features of a step of the result, H.</param>
    /// <param name="blocks">The number of blocks.</param>
    /// <param name="kernelSize">The number of taps of a convolution.</param>
    /// <param name="isCausal">Whether a step sees itself and the earlier ones alone.</param>
    /// <param name="dropout">The probability of dropout, in [0, 1).</param>
    /// <param name="random">The generator that draws the initial values and the masks.</param>
    internal DilatedConvolutions(int inputSize, int size, int blocks, int kernelSize, bool isCausal, float dropout,
        RandomGenerator random)
    {
        WeightLimit.ForParts(blocks);
        inputs = Register("inputs", new Linear(inputSize, size, random));
        var padding = isCausal ? Conv1dPadding.Causal : Conv1dPadding.Same;
        convolutions = Register("convolutions", new ModuleList<Conv1d>(Enumerable.Range(0, 2 * blocks).Select(i =>
            new Conv1d(size, size, kernelSize, random,
                new Conv1dOptions { Dilation = 1 << Math.Min(i / 2, LargestPower), Padding = padding }))));
        norms = Register("norms",
            new ModuleList<LayerNorm>(Enumerable.Range(0, 2 * blocks).Select(_ => new LayerNorm(size))));
        if (dropout > 0f)
            this.dropout = Register("dropout", new Dropout(dropout, random));
    }

    /// <summary>Reads sequences, shape (B, T, I), of these lengths, (B,), and returns shape (B, T, H).</summary>
    internal Variable Forward(Variable x, IndexTensor lengths)
    {
        x = inputs.Forward(x);
        for (var i = 0; i < convolutions.Count; i += 2)
            x += Half(i + 1, Half(i, x, lengths), lengths);
        return x;
    }

    private Variable Half(int index, Variable x, IndexTensor lengths)
    {
        var y = norms[index].Forward(convolutions[index].Forward(x, lengths)).Relu();
        return dropout?.Forward(y) ?? y;
    }
}
