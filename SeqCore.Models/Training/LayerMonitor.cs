namespace SeqCore.Models;

/// <summary>Measures what a step does to each parameter; it keeps a copy of all weights during the step.</summary>
internal sealed class LayerMonitor : IDisposable
{
    private readonly List<(string Name, Parameter Parameter, double GradientNorm, Tensor Before)> watched = [];

    /// <summary>Begins to measure, when gradients have been computed and weights have not changed yet.</summary>
    internal LayerMonitor(Module model)
    {
        using var suspension = TensorScope.Suspend();
        foreach (var (name, parameter) in model.NamedParameters())
            watched.Add((name, parameter, parameter.Gradient is { } gradient ? Norm(gradient) : 0, parameter.Value.Copy()));
    }

    /// <summary>Returns the changes since the beginning.</summary>
    internal IReadOnlyList<ParameterStatistics> Measure()
    {
        var statistics = new List<ParameterStatistics>(watched.Count);
        foreach (var (name, parameter, gradientNorm, weights) in watched)
        {
            var norm = Norm(weights);
            weights.SubtractInPlace(parameter.Value);
            statistics.Add(new ParameterStatistics(name, gradientNorm, norm, Norm(weights) / norm));
        }

        return statistics;
    }

    /// <summary>Releases the copies.</summary>
    public void Dispose()
    {
        foreach (var (_, _, _, weights) in watched)
            weights.Dispose();
    }

    private static double Norm(Tensor tensor) => tensor.Backend.GlobalNorm([tensor.Span]);
}
