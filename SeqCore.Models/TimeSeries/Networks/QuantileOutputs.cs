namespace SeqCore.Models;

/// <summary>
/// What the outputs of a forecaster's network are: the H steps of a mean, or one block of H steps for each of Q quantiles.
/// </summary>
internal sealed class QuantileOutputs(NetworkForecasterOptions options)
{
    /// <summary>The number of quantiles, Q; 1 for a mean.</summary>
    internal int Count => options.Quantiles?.Count ?? 1;

    /// <summary>The index of the quantile nearest to the median, the lower of two; 0 for a mean.</summary>
    internal int Point { get; } = options.Quantiles is { } quantiles ? Forecaster.NearestToMedian(quantiles) : 0;

    /// <summary>Computes the loss of a network's outputs, shape (B, Q H, C).</summary>
    internal Variable Loss(Variable outputs, Tensor target) => options.Quantiles is not { } quantiles
        ? Models.Loss.MeanSquaredError(outputs, target)
        : Models.Loss.Pinball(outputs.Reshape(outputs.Shape[0], Count, options.Horizon, outputs.Shape[2]), target, quantiles);

    /// <summary>Returns the H C values of each quantile of one window, sorted where quantiles cross.</summary>
    internal float[][] Sorted(Variable outputs)
    {
        float[][] blocks = [.. outputs.Value.ToArray().Chunk(outputs.Value.ElementCount / Count)];
        var column = new float[Count];
        for (var i = 0; i < blocks[0].Length && Count > 1; i++)
        {
            for (var q = 0; q < Count; q++)
                column[q] = blocks[q][i];
            Array.Sort(column);
            for (var q = 0; q < Count; q++)
                blocks[q][i] = column[q];
        }

        return blocks;
    }
}
