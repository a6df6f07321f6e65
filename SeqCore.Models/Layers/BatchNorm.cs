namespace SeqCore.Models;

/// <summary>
/// Computes batch normalisation, y = (x - mean) / sqrt(variance + epsilon) w + b, for each channel (Ioffe and Szegedy,
/// arXiv:1502.03167): in training with the mean and variance of the batch, in evaluation with running ones. PyTorch's
/// BatchNorm1d. Shapes: x and y (B, C), (B, C, T), or with the channels on another axis; weight and bias (C,).
/// </summary>
/// <remarks>
/// Each pass in training moves the running statistics, running = (1 - momentum) running + momentum batch, with the unbiased
/// variance; so a part of a model that runs again for its gradient (<see cref="Checkpoint"/>) moves them twice. They are saved in
/// the state dictionary under PyTorch's names, but are no parameters: no optimizer changes them.
/// </remarks>
public sealed class BatchNorm : Layer
{
    /// <summary>Makes a layer with weight 1 and bias 0, running mean 0 and running variance 1.</summary>
    /// <param name="channels">The number of channels, C, at least 1.</param>
    /// <param name="epsilon">The number added to the variance, above 0; 1e-5 by default.</param>
    /// <param name="momentum">The part of the batch in the running statistics, in [0, 1]; 0.1 by default.</param>
    /// <param name="affine">Whether the layer has a weight and a bias; true by default.</param>
    /// <param name="channelAxis">The axis of the channels; 1 by default, -1 for (B, T, C).</param>
    public BatchNorm(int channels, float epsilon = 1e-5f, float momentum = 0.1f, bool affine = true, int channelAxis = 1)
    {
        Argument.AtLeast(channels, Kind, nameof(channels));
        Epsilon = Argument.Positive(epsilon, Kind, nameof(epsilon));
        Argument.NotNegative(momentum, Kind, nameof(momentum));
        Momentum = Argument.AtMost(momentum, Kind, nameof(momentum), 1f);
        ChannelAxis = channelAxis;
        if (affine)
        {
            Weight = Register("weight", Tensor.Full(WeightLimit.For(Kind, channels), 1f));
            Bias = Register("bias", Tensor.Zeros(WeightLimit.For(Kind, channels)));
        }

        RunningMean = RegisterBuffer("running_mean", Tensor.Zeros(WeightLimit.For(Kind, channels)));
        RunningVariance = RegisterBuffer("running_var", Tensor.Full(WeightLimit.For(Kind, channels), 1f));
        BatchCount = RegisterBuffer("num_batches_tracked", Tensor.Zeros(Shape.Scalar));
    }

    /// <summary>The weight w, shape (C,), or null.</summary>
    public Parameter? Weight { get; }

    /// <summary>The bias b, shape (C,), or null.</summary>
    public Parameter? Bias { get; }

    /// <summary>The running mean, shape (C,).</summary>
    public Parameter RunningMean { get; }

    /// <summary>The running variance, shape (C,).</summary>
    public Parameter RunningVariance { get; }

    /// <summary>
    /// The number of batches that the running statistics have seen, a scalar. It is a float, so it stops at 16,777,216; nothing
    /// is computed from it.
    /// </summary>
    public Parameter BatchCount { get; }

    /// <summary>The number added to the variance.</summary>
    public float Epsilon { get; }

    /// <summary>The part of the batch in the running statistics.</summary>
    public float Momentum { get; }

    /// <summary>The axis of the channels.</summary>
    public int ChannelAxis { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The axis of the channels does not have size C, or there is no such axis.</exception>
    /// <exception cref="ArgumentException">In training a channel has one element only.</exception>
    public override Variable Forward(Variable x)
    {
        ArgumentNullException.ThrowIfNull(x);
        var channels = RunningMean.Shape[0];
        var rank = x.Shape.Rank;
        if (rank < 2 || ChannelAxis < -rank || ChannelAxis >= rank || x.Shape[ChannelAxis] != channels)
            throw ShapeException.Wrong(Kind, "x", $"with {channels} channels on axis {ChannelAxis}", x.Shape);
        if (IsTraining)
        {
            Observe(x.Value);
            return x.BatchNorm(Weight, Bias, Epsilon, ChannelAxis);
        }

        var sizes = Enumerable.Repeat(1, rank).ToArray();
        sizes[x.Shape.Axis(ChannelAxis)] = channels;
        var perChannel = new Shape(sizes);
        Variable scale = (RunningVariance.Value + Epsilon).Rsqrt();
        scale = Weight is null ? scale : scale * Weight;
        var shift = -(RunningMean.Value * scale);
        shift = Bias is null ? shift : shift + Bias;
        return x * scale.Reshape(perChannel) + shift.Reshape(perChannel);
    }

    private void Observe(Tensor x)
    {
        var count = x.ElementCount / RunningMean.Shape[0];
        if (count < 2)
        {
            throw new ArgumentException($"{Kind}: in training each channel needs at least two elements; x is {x.Shape}."
                + " Hint: use a larger batch, or evaluation mode.", nameof(x));
        }

        var channelAxis = x.Shape.Axis(ChannelAxis);
        int[] axes = [.. Enumerable.Range(0, x.Rank).Where(i => i != channelAxis)];
        using var mean = x.Mean(axes);
        using var variance = x.Variance(axes, correction: 1);
        Move(RunningMean.Value, mean);
        Move(RunningVariance.Value, variance);
        BatchCount.Value.AddInPlace(1f);
    }

    private void Move(Tensor running, Tensor batch)
    {
        using var part = batch * Momentum;
        running.MultiplyInPlace(1f - Momentum);
        running.AddInPlace(part);
    }
}
