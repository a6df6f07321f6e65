namespace SeqCore.Models;

/// <summary>
/// Cuts each channel's window into overlapping patches, which a Transformer reads as tokens; all channels share it (PatchTST:
/// Nie, Nguyen, Sinthong and Kalagnanam, "A time series is worth 64 words", arXiv:2211.14730). Windows are scaled by
/// <see cref="ReversibleNormalization"/>, the last value is repeated so that the last patch is full, and one linear layer maps
/// all patches to the forecast. The patches are embedded by a convolution whose stride is theirs. Parameters:
/// <c>normalization</c>, <c>patches</c>, <c>positions</c> (N, D), <c>stack</c>, <c>head</c>.
/// </summary>
/// <example>
/// <code>
/// var options = new NetworkForecasterOptions { LookBack = 64, Horizon = 24, HiddenSize = 16, HeadCount = 4 };
/// using var network = new PatchTransformer(options, channels: 7, new RandomGenerator(seed: 1));
/// using var scope = new TensorScope();
/// Console.WriteLine(network.Forward(Tensor.Zeros([8, 64, 7])).Shape);           // (8, 24, 7)
/// Console.WriteLine(network.PatchCount);                                         // 8
/// </code>
/// </example>
public sealed class PatchTransformer : ForecastNetwork
{
    private readonly ReversibleNormalization normalization;
    private readonly Conv1d patches;
    private readonly Linear head;
    private readonly Parameter positions;
    private readonly Dropout? dropout;
    private readonly TransformerStack stack;
    private readonly int stride, size;

    /// <summary>Makes a network.</summary>
    /// <param name="options">The window, the patches and the sizes of the Transformer.</param>
    /// <param name="channels">The number of channels, C, at least 1.</param>
    /// <param name="random">The generator that draws the initial values and the masks of dropout.</param>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public PatchTransformer(NetworkForecasterOptions options, int channels, RandomGenerator random)
        : base(Argument.NotNull(options).LookBack, options.Horizon, channels)
    {
        options.Check(Kind);
        RefuseCovariates(options, Kind);
        (stride, size) = (options.PatchStride, options.HiddenSize);
        if (options.PatchLength > LookBack)
        {
            throw new ArgumentException($"{Kind}: a patch of {options.PatchLength} steps does not fit into a look-back of"
                + $" {LookBack}.", nameof(options));
        }

        PatchCount = ((LookBack - options.PatchLength) / stride) + 2;
        normalization = Register("normalization", new ReversibleNormalization(channels));
        var strided = new Conv1dOptions { Stride = stride };
        patches = Register("patches", new Conv1d(1, size, options.PatchLength, random, strided));
        var places = WeightLimit.For(Kind, PatchCount, size);
        positions = Register("positions", Tensor.RandomUniform(places, random, -0.02f, 0.02f));
        if (options.Dropout > 0f)
            dropout = Register("dropout", new Dropout(options.Dropout, random));
        stack = Register("stack", new TransformerStack(options.Layers, new TransformerBlockOptions
        {
            ModelSize = size,
            HeadCount = options.HeadCount,
            FeedForwardSize = SizeLimitException.Product($"{Kind}: a feed-forward part of 4 D, D = {size}", 4, size),
            Activation = FeedForwardActivation.Gelu,
            NormFirst = true,
            Dropout = options.Dropout,
        }, random));
        var all = SizeLimitException.Product($"{Kind}: {PatchCount} patches of {size}", PatchCount, size);
        head = Register("head", new Linear(all, Horizon, random));
    }

    /// <summary>The number of patches, N.</summary>
    public int PatchCount { get; }

    /// <inheritdoc/>
    protected override Variable Compute(Variable past, Variable? known)
    {
        var (scaled, statistics) = normalization.Normalize(Argument.NotNull(past));
        var rows = past.Shape[0] * ChannelCount;
        var series = scaled.Transpose(1, 2).Reshape(rows, LookBack, 1);
        var padded = Variable.Concat([series, series.Slice(1, LookBack - 1, 1).Repeat(stride, 1)], 1);
        var tokens = patches.Forward(padded) + positions;
        var read = stack.Forward(dropout?.Forward(tokens) ?? tokens);
        var forecast = head.Forward(read.Reshape(rows, PatchCount * size)).Reshape(past.Shape[0], ChannelCount, Horizon);
        return normalization.Invert(forecast.Transpose(1, 2), statistics);
    }
}
