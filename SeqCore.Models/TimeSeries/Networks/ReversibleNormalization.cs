namespace SeqCore.Models;

/// <summary>
/// Scales each window by its own mean and deviation, and a forecast back again, so that a network need not follow shifts of the
/// level (RevIN: Kim, Kim, Tae, Park, Choi and Choo, "Reversible instance normalization for accurate time-series forecasting
/// against distribution shift", ICLR 2022): z = w (x - mean) / sqrt(var + 1e-5) + b for each window and channel, and back x = (z
/// - b) / (w + 1e-10) sqrt(var + 1e-5) + mean. Parameters: <c>weight</c> w (C), initially 1, and <c>bias</c> b (C), initially 0.
/// </summary>
/// <example>
/// <code>
/// using var normalization = new ReversibleNormalization(channels: 1);
/// using var scope = new TensorScope();
/// var (scaled, statistics) = normalization.Normalize(Tensor.FromArray(new float[,,] { { { 10f }, { 30f } } }));
/// Console.WriteLine($"{scaled.Value[0, 1, 0].Item():0.00}");                                    // 1.00
/// Console.WriteLine($"{normalization.Invert(scaled, statistics).Value[0, 1, 0].Item():0.0}");   // 30.0
/// </code>
/// </example>
public sealed class ReversibleNormalization : Module
{
    private const float Epsilon = 1e-5f;
    private readonly Parameter weight, bias;

    /// <summary>Makes a layer.</summary>
    /// <param name="channels">The number of channels, C, at least 1.</param>
    public ReversibleNormalization(int channels)
    {
        var shape = WeightLimit.For(Kind, Argument.AtLeast(channels, Kind, nameof(channels)));
        weight = Register("weight", Tensor.Ones(shape));
        bias = Register("bias", Tensor.Zeros(shape));
    }

    /// <summary>Scales windows.</summary>
    /// <param name="x">The windows, shape (B, L, C).</param>
    /// <returns>The scaled windows, and what scales a forecast back.</returns>
    /// <exception cref="ShapeException">The windows do not have the required shape.</exception>
    public (Variable Scaled, WindowStatistics Statistics) Normalize(Variable x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape.Rank != 3 || x.Shape[2] != weight.Shape[0])
            throw ShapeException.Wrong(Kind, nameof(x), $"(B, L, {weight.Shape[0]})", x.Shape);
        var mean = x.Mean(1, keepDimensions: true);
        var centred = x - mean;
        var deviation = (centred.Square().Mean(1, keepDimensions: true) + Epsilon).Sqrt();
        return ((centred / deviation * weight) + bias, new WindowStatistics(mean, deviation));
    }

    /// <summary>Scales forecasts back.</summary>
    /// <param name="y">The forecasts, shape (B, H, C).</param>
    /// <param name="statistics">Those of the windows.</param>
    public Variable Invert(Variable y, WindowStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(statistics);
        return ((y - bias) / (weight + 1e-10f) * statistics.Deviation) + statistics.Mean;
    }
}

/// <summary>The mean and the deviation of windows.</summary>
/// <param name="Mean">The means, shape (B, 1, C).</param>
/// <param name="Deviation">The standard deviations, shape (B, 1, C).</param>
public sealed record WindowStatistics(Variable Mean, Variable Deviation);
