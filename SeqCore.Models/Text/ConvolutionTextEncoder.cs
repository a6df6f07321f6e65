namespace SeqCore.Models;

/// <summary>
/// Layers of convolutions of several widths side by side over the embeddings, each with as many results as tokens, and ReLU.
/// </summary>
internal sealed class ConvolutionTextEncoder : TextEncoder
{
    private readonly ModuleList<Conv1d> convolutions;
    private readonly Dropout? dropout;
    private readonly int widths;

    internal ConvolutionTextEncoder(int vocabularySize, TextEncoderOptions options, RandomGenerator random, int featureSize)
        : base(vocabularySize, options, random, featureSize)
    {
        widths = options.KernelSizes.Count;
        OutputSize = SizeLimitException.Product($"{Kind}: {widths} convolutions side by side, H = {options.HiddenSize}", widths,
            options.HiddenSize);
        var all = new List<Conv1d>();
        for (var layer = 0; layer < WeightLimit.ForParts(options.Layers); layer++)
        {
            all.AddRange(options.KernelSizes.Select(size => new Conv1d(layer == 0 ? InputSize : OutputSize, options.HiddenSize,
                size, random, new Conv1dOptions { Padding = Conv1dPadding.Same })));
        }

        convolutions = Register("convolutions", new ModuleList<Conv1d>(all));
        if (options.Layers > 1 && options.Dropout > 0f)
            dropout = Register("dropout_between", new Dropout(options.Dropout, random));
    }

    public override int OutputSize { get; }

    protected override Variable Encode(Variable x, IndexTensor? lengths)
    {
        foreach (var (index, layer) in convolutions.Chunk(widths).Index())
        {
            if (index > 0)
                x = dropout?.Forward(x) ?? x;
            x = Variable.Concat([.. layer.Select(c => c.Forward(x, lengths).Relu())], axis: -1);
        }

        return x;
    }
}
