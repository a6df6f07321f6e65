namespace SeqCore.Models;

/// <summary>
/// Reads a window of all channels with causal convolutions whose dilation doubles from block to block, and maps the last step to
/// all steps of the forecast at once (TCN: Bai, Kolter and Koltun, "An empirical evaluation of generic convolutional and
/// recurrent networks for sequence modeling", arXiv:1803.01271). A block is two convolutions of three taps, each followed by ReLU
/// and dropout; its input is added to its result. There are as many blocks as it takes for the last step to depend on the whole
/// window. The last value is subtracted before and added after, so that a shift of the level does not matter. Covariates of the
/// window are further inputs; those of the steps that are forecast add an effect of their own to each. Parameters:
/// <c>inputs</c>, <c>first</c> and <c>second</c> with the two convolutions of each block, <c>head</c>, and <c>effects</c> of
/// covariates.
/// Differs from the paper: weights are not normalised, and no ReLU follows the addition.
/// </summary>
/// <example>
/// <code>
/// var options = new NetworkForecasterOptions { LookBack = 100, Horizon = 24, HiddenSize = 16 };
/// using var network = new ConvolutionForecast(options, channels: 7, new RandomGenerator(seed: 1));
/// using var scope = new TensorScope();
/// Console.WriteLine(network.Forward(Tensor.Zeros([8, 100, 7])).Shape);           // (8, 24, 7)
/// Console.WriteLine((network.BlockCount, network.ReceptiveField));               // (5, 125)
/// </code>
/// </example>
public sealed class ConvolutionForecast : ForecastNetwork
{
    private const int KernelSize = 3;
    private readonly ModuleList<Conv1d> first, second;
    private readonly Linear inputs, head;
    private readonly Dropout? dropout;
    private readonly CovariateEffects? effects;

    /// <summary>Makes a network.</summary>
    /// <param name="options">
    /// The window, the width and the dropout. There are <see cref="NetworkForecasterOptions.Layers"/> blocks, or more if the
    /// look-back needs them.
    /// </param>
    /// <param name="channels">The number of channels, C, at least 1.</param>
    /// <param name="random">The generator that draws the initial values and the masks of dropout.</param>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public ConvolutionForecast(NetworkForecasterOptions options, int channels, RandomGenerator random)
        : base(Argument.NotNull(options).LookBack, options.Horizon, channels, options.CovariateCount)
    {
        options.Check(Kind);
        var (size, blocks) = (options.HiddenSize, Math.Max(BlocksFor(LookBack), WeightLimit.ForParts(options.Layers)));
        inputs = Register("inputs", new Linear(channels + CovariateCount, size, random));
        first = Register("first", new ModuleList<Conv1d>(Enumerable.Range(0, blocks).Select(NewConvolution)));
        second = Register("second", new ModuleList<Conv1d>(Enumerable.Range(0, blocks).Select(NewConvolution)));
        if (options.Dropout > 0f)
            dropout = Register("dropout", new Dropout(options.Dropout, random));
        head = Register("head", new Linear(size,
            SizeLimitException.Product($"{Kind}: {Horizon} steps of {channels} channels", Horizon, channels), random));
        if (CovariateCount > 0)
            effects = Register("effects", new CovariateEffects(size, CovariateCount, channels, random));

        // Blocks beyond those that the look-back needs repeat the largest dilation.
        Conv1d NewConvolution(int block) => new(size, size, KernelSize, random, new Conv1dOptions
        {
            Dilation = 1 << Math.Min(block, BlocksFor(LookBack) - 1),
            Padding = Conv1dPadding.Causal,
        });
    }

    /// <summary>The number of blocks.</summary>
    public int BlockCount => first.Count;

    /// <summary>The number of steps that the last step depends on, at least the look-back.</summary>
    public long ReceptiveField => 1 + first.Sum(c => 2L * (c.ReceptiveField - 1));

    /// <inheritdoc/>
    protected override Variable Compute(Variable past, Variable? known)
    {
        ArgumentNullException.ThrowIfNull(past);
        var last = past.Slice(1, LookBack - 1, 1);
        var x = inputs.Forward(Beside(past - last, known, 0));
        for (var block = 0; block < first.Count; block++)
            x += Dropped(second[block].Forward(Dropped(first[block].Forward(x).Relu())).Relu());
        var read = x.Slice(1, LookBack - 1, 1).Squeeze(1);
        var forecast = head.Forward(read).Reshape(past.Shape[0], Horizon, ChannelCount) + last;
        return effects?.AddTo(forecast, read, known!) ?? forecast;
    }

    private Variable Dropped(Variable x) => dropout?.Forward(x) ?? x;

    /// <summary>
    /// Returns the number of blocks whose receptive field, 1 + 2 (K - 1) (1 + 2 + 4 + ...), is at least the look-back.
    /// </summary>
    private static int BlocksFor(int lookBack)
    {
        var (blocks, field) = (1, 1 + (2L * (KernelSize - 1)));
        for (var dilation = 2L; field < lookBack; dilation *= 2, blocks++)
            field += 2 * (KernelSize - 1) * dilation;
        return blocks;
    }
}
